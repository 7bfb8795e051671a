// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/console/console.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "harness/machine/board/secret.h"

namespace aios::board {
namespace {

constexpr Duration kTryEvery = std::chrono::milliseconds(250);
// As much as one look takes.
constexpr std::size_t kMostRead = 256U << 10;

Duration span_of(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

}  // namespace

Status Console::connect() {
  wire_ = TRY(open_());
  return {};
}

void Console::went_away(std::string why) {
  if (wire_ && wire_->why_lost) {
    if (std::string better = wire_->why_lost(); !better.empty()) why = std::move(better);
  }
  wire_.reset();
  why_ = std::move(why);
  away_ = clock_->monotonic();
  next_try_ = *away_ + kTryEvery;
  if (patience_ == Duration{0}) lost_ = why_;
}

void Console::try_again() {
  if (!away_ || !lost_.empty() || clock_->monotonic() < next_try_) return;
  Result<ConsoleWire> again = open_();
  const Duration now = clock_->monotonic();
  if (again.ok()) {
    wire_ = std::move(*again);
    gap_ += now - *away_;
    away_.reset();
    ++reconnects_;
    return;
  }
  next_try_ = now + kTryEvery;
  if (now - *away_ < patience_) return;
  lost_ = fmt::format("{}; it did not come back within {:.0f} s: {}", why_, seconds(patience_), again.error().what);
}

std::string Console::read() {
  if (away_) try_again();
  std::string out;
  while (wire_ && out.size() < kMostRead) {
    std::array<char, 16384> bytes{};
    const ssize_t got = ::read(wire_->fd, bytes.data(), bytes.size());
    if (got > 0) {
      out.append(bytes.data(), static_cast<std::size_t>(got));
      continue;
    }
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) break;
    went_away(got == 0 ? "the console was closed at its other end"
                       : fmt::format("the console went away: {}", system_error("", "", errno).what));
  }
  return out;
}

Status Console::write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (!wire_) return infra_fault("the console is away");
    const ssize_t done = ::write(wire_->fd, bytes.data(), bytes.size());
    if (done > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(done));
    } else if (errno == EAGAIN) {
      pollfd wait{wire_->fd, POLLOUT, 0};
      if (::poll(&wait, 1, static_cast<int>(kTryEvery.count() / 1'000'000)) != 1) {
        return infra_fault("the console takes no input");
      }
    } else if (errno != EINTR) {
      return system_error("the console takes no input", {}, errno);
    }
  }
  return {};
}

Result<Console> make_console(const BoardSettings& settings, const Clock& clock) {
  const BoardConsole& console = settings.console;
  const Duration patience = span_of(console.reconnect_seconds);
  if (console.kind == "ipmi") {
    std::string password = TRY(read_secret(settings.power.password));
    return Console([power = settings.power, password] { return open_ipmi_console(power, password); }, patience, clock);
  }
  if (console.kind == "serial") return Console([console] { return open_serial(console); }, patience, clock);
  if (console.kind == "command") return Console([console] { return open_command(console); }, patience, clock);
  const Duration at_most = span_of(settings.power.timeout_seconds);
  return Console([console, at_most] { return open_tcp(console, at_most); }, patience, clock);
}

void RubbishMeter::feed(std::string_view bytes) {
  bytes_ += bytes.size();
  strange_ += static_cast<std::uint64_t>(std::count_if(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool text = byte >= 0x20 && byte < 0x7f;
    return !text && byte != '\n' && byte != '\r' && byte != '\t' && byte != 0x1b && byte != '\b' && byte != 0;
  }));
}

bool RubbishMeter::is_rubbish() const {
  constexpr std::uint64_t kEnough = 512;
  return bytes_ >= kEnough && strange_ * 2 > bytes_;
}

}  // namespace aios::board
