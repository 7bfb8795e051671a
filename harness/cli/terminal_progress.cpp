// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/terminal_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <cmath>

#include "harness/support/text.h"

namespace aios {
namespace {

std::string minutes(double total) {
  const int whole = static_cast<int>(std::lround(total));
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

std::size_t width_of(std::FILE* out) {
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 20) return size.ws_col;
  return 100;
}

std::string step_text(const ProgressStep& step) {
  std::string text;
  if (step.total > 0) {
    text = fmt::format("{:3}% {}/{} ", 100 * step.done / step.total, step.done, step.total);
  } else if (step.done > 0) {
    text = fmt::format("{} ", step.done);
  }
  text += printable(step.text);
  if (step.seconds_left) text += fmt::format(" ({} left)", minutes(*step.seconds_left));
  return text;
}

}  // namespace

TerminalProgress::TerminalProgress(const Clock& clock, std::FILE* out, ProgressStyle style)
    : clock_(clock), out_(out), style_(style), began_(clock.monotonic()) {}

TerminalProgress::~TerminalProgress() { clear_live_line(); }

void TerminalProgress::clear_live_line() {
  if (!live_shown_) return;
  std::fputs("\r\x1b[K", out_);
  std::fflush(out_);
  live_shown_ = false;
}

void TerminalProgress::line(std::string_view text) {
  clear_live_line();
  const std::string when = minutes(seconds(clock_.monotonic() - began_));
  bool first = true;
  for (const auto& part : split(text, '\n')) {
    fmt::print(out_, "{} {}\n", first ? fmt::format("[{:>5}]", when) : "       ", printable(part));
    first = false;
  }
  std::fflush(out_);
}

void TerminalProgress::phase(std::string_view text) {
  if (style_.quiet) return;
  line(text);
  last_step_ = clock_.monotonic();
}

void TerminalProgress::step(const ProgressStep& step) {
  if (style_.quiet) return;
  const Duration now = clock_.monotonic();
  const auto pause = style_.live ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000);
  if (now - last_step_ < pause) return;
  last_step_ = now;
  if (!style_.live) return line(step_text(step));
  std::string text = fmt::format("[{:>5}] {}", minutes(seconds(now - began_)), step_text(step));
  if (text.size() >= width_of(out_)) text.resize(width_of(out_) - 1);
  fmt::print(out_, "\r\x1b[K{}", text);
  std::fflush(out_);
  live_shown_ = true;
}

void TerminalProgress::note(std::string_view text) {
  if (!style_.quiet) line(text);
}

void TerminalProgress::console(std::string_view text) {
  if (!style_.console || style_.quiet) return;
  clear_live_line();
  fmt::print(out_, "    | {}\n", printable(text));
}

}  // namespace aios
