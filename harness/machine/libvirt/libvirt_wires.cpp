// SPDX-License-Identifier: Apache-2.0
// What libvirt tells of a running domain, and its console, turned into events.
#include <fmt/format.h>
#include <libvirt/virterror.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/libvirt_machine.h"
#include "harness/machine/libvirt/process_lookup.h"
#include "harness/machine/libvirt/qemu_log.h"
#include "harness/machine/libvirt/screen_words.h"
#include "harness/machine/screen_text.h"
#include "harness/support/files.h"
#include "harness/support/json.h"

namespace aios::libvirt {
namespace {

// Each look is a question to the daemon: half as often as QEMU is asked directly.
constexpr Duration kLookEvery = std::chrono::milliseconds(50);
// A serial port sends single bytes. Reading them in batches spares both sides a wake-up for each.
constexpr Duration kBatch = std::chrono::milliseconds(1);
// The pipe is said to have been full when a batch nearly was.
constexpr std::size_t kAlmostFull = (1U << 20) - (64U << 10);
constexpr Duration kLookAtStarved = std::chrono::milliseconds(20);
constexpr std::uint64_t kMostLog = 1U << 20;

timespec timespec_of(Duration duration) {
  const auto ns = std::max<Duration::rep>(duration.count(), 0);
  return {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
}

}  // namespace

void LibvirtMachine::emit(MachineEvent event) {
  event.at = now();
  events_.push_back(std::move(event));
}

Result<std::vector<MachineEvent>> LibvirtMachine::wait(Duration at_most, int wake_fd) {
  const Duration until = now() + at_most;
  while (events_.empty()) {
    if (!poll_once(until, wake_fd) || now() >= until) break;
  }
  return std::exchange(events_, {});
}

void LibvirtMachine::wait_until(Duration until) {
  while (now() < until && !ended_ && !lost_) poll_once(until, -1, false);
}

bool LibvirtMachine::poll_once(Duration until, int wake_fd, bool heed_cancel) {
  const Duration start = now();
  const bool batching = console_ && start < console_quiet_until_;
  if (batching) until = std::min(until, console_quiet_until_);
  if (spec_.screen && !down_ && !ended_ && !lost_) {
    if (start >= screen_due_) look_at_screen();
    until = std::min(until, screen_due_);
  }
  const int cancel_fd = heed_cancel && environment_.cancel != nullptr ? environment_.cancel->fd() : -1;
  pollfd waits[] = {{mail_->fd(), POLLIN, 0},
                    {console_ && !batching ? console_.get() : -1, POLLIN, 0},
                    {cancel_fd, POLLIN, 0},
                    {wake_fd, POLLIN, 0}};
  const timespec timeout = timespec_of(until - start);
  if (::ppoll(waits, std::size(waits), &timeout, nullptr) < 0) return errno == EINTR;
  if (waits[1].revents != 0) read_console();
  if (waits[0].revents != 0) read_mail();
  return waits[2].revents == 0 && waits[3].revents == 0;
}

void LibvirtMachine::read_console() {
  if (!console_) return;
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(console_.get(), buffer, sizeof buffer);
    if (got > 0) bytes.append(buffer, static_cast<std::size_t>(got));
    if (got < 0 && errno == EINTR) continue;
    // QEMU has closed its end: what becomes of the domain libvirt tells.
    if (got == 0 || (got < 0 && errno != EAGAIN)) console_.reset();
    // One pipe full at a time: what writes for ever is looked at in between.
    if (got <= 0 || bytes.size() >= kAlmostFull) break;
  }
  if (bytes.size() >= kAlmostFull) backlog_ = true;
  console_quiet_until_ = now() + kBatch;
  if (!bytes.empty()) emit({.kind = EventKind::console, .text = std::move(bytes)});
}

void LibvirtMachine::read_mail() {
  for (Letter& letter : mail_->take()) {
    switch (letter.fact) {
      case Fact::console:
        emit({.kind = EventKind::console, .text = std::move(letter.text)});
        break;
      case Fact::console_closed:
        break;  // what becomes of the domain comes as a fact of its own
      case Fact::shutdown:
        shut_down(letter.text);
        break;
      case Fact::stopped:
        stopped(letter.code);
        break;
      case Fact::crashed:
        if (!down_) emit({.kind = EventKind::gave_up, .text = letter.text.empty() ? words_in_log(log()) : letter.text});
        down_ = true;
        break;
      case Fact::lost:
        if (lost_ || ended_) break;
        lost_ = true;
        read_console();
        if (!down_) emit({.kind = EventKind::lost, .text = "libvirt: " + letter.text});
        break;
    }
  }
}

void LibvirtMachine::shut_down(const std::string& json) {
  const auto parsed = parse_json(json, "QEMU's SHUTDOWN event");
  const bool by_guest = parsed.ok() && parsed->is_object() && parsed->contains("guest") &&
                        (*parsed)["guest"].is_boolean() && (*parsed)["guest"].get<bool>();
  if (down_ || !by_guest) return;
  down_ = true;
  read_console();  // everything that the guest said before it went
  const std::string reason = string_or(*parsed, "reason");
  if (reason == "guest-reset") {
    const bool triple_fault = log().find("Triple fault") != std::string::npos;
    emit({.kind = triple_fault ? EventKind::triple_fault : EventKind::reset});
  } else {
    emit({.kind = EventKind::power_off, .text = reason});
  }
}

void LibvirtMachine::stopped(int detail) {
  if (ended_) return;
  read_console();
  ended_ = true;
  if (down_) return;
  down_ = true;
  if (detail == VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN) {
    emit({.kind = EventKind::power_off, .text = "guest-shutdown"});
    return;
  }
  const std::string words = words_in_log(log());
  if (detail == VIR_DOMAIN_EVENT_STOPPED_DESTROYED) {
    emit({.kind = EventKind::ended, .text = "somebody destroyed the domain"});
    return;
  }
  emit({.kind = EventKind::ended, .text = fmt::format("QEMU ended{}{}", words.empty() ? "" : ": ", words)});
}

void LibvirtMachine::look_at_screen() {
  // Not from a file: the same words come from another host, too.
  const auto words = ask(kScreenQuestion);
  screen_due_ = now() + kLookEvery;
  if (!words) return;
  std::string cells = screen_cells(*words);
  if (cells.size() != kScreenBytes || cells == last_screen_) return;
  last_screen_ = cells;
  emit({.kind = EventKind::screen, .rows = decode_screen(cells)});
}

std::string LibvirtMachine::log() const {
  if (!artifacts_ || artifacts_->place().log.empty()) return {};
  auto text = read_file(artifacts_->place().log, kMostLog);
  return text.ok() ? *text : std::string();
}

Duration LibvirtMachine::starved() {
  if (!domain_ || ended_ || elsewhere_ || now() < starved_due_) return starved_;
  starved_due_ = now() + kLookAtStarved;
  if (process_ == 0) process_ = find_process(uuid_);
  if (process_ > 0) starved_ = std::max(starved_, time_without_processor(process_));
  return starved_;
}

}  // namespace aios::libvirt
