// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/terminal_progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <cmath>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(250);

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
  return text + printable(step.text);
}

// At most so many bytes, and no half of a character.
void cut(std::string& text, std::size_t width) {
  if (text.size() < width) return;
  text.resize(width - 1);
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
  if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0x80) != 0) text.pop_back();
}

}  // namespace

TerminalProgress::TerminalProgress(const Clock& clock, std::FILE* out, ProgressStyle style)
    : clock_(clock), out_(out), style_(style), began_(clock.monotonic()) {
  if (style_.live && !style_.quiet) ticker_ = std::thread([this] { redraw_now_and_then(); });
}

TerminalProgress::~TerminalProgress() { finish(); }

void TerminalProgress::finish() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    active_ = false;
    clear_live_line();
  }
  wake_.notify_all();
  if (ticker_.joinable()) ticker_.join();
}

void TerminalProgress::redraw_now_and_then() {
  std::unique_lock lock(mutex_);
  while (!over_) {
    wake_.wait_for(lock, kRedraw);
    if (active_ && !over_) draw();
  }
}

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

void TerminalProgress::draw() {
  const Duration now = clock_.monotonic();
  std::string text = fmt::format("[{:>5}] {}", minutes(seconds(now - began_)), step_text_);
  text += fmt::format("{}for {:.1f} s", step_text_.empty() ? "" : ", ", seconds(now - phase_began_));
  if (end_expected_ && *end_expected_ > now) text += fmt::format(", {} left", minutes(seconds(*end_expected_ - now)));
  cut(text, width_of(out_));
  fmt::print(out_, "\r\x1b[K{}", text);
  std::fflush(out_);
  live_shown_ = true;
}

void TerminalProgress::phase(std::string_view text) {
  if (style_.quiet) return;
  const std::lock_guard lock(mutex_);
  line(text);
  last_step_ = phase_began_ = clock_.monotonic();
  step_text_.clear();
  end_expected_.reset();
  last_estimate_.reset();
  active_ = style_.live && !over_;
}

void TerminalProgress::step(const ProgressStep& step) {
  if (style_.quiet) return;
  const std::lock_guard lock(mutex_);
  const Duration now = clock_.monotonic();
  const auto pause = style_.live ? std::chrono::milliseconds(100) : std::chrono::milliseconds(10'000);
  std::string text = step_text(step);
  // The same estimate again does not begin anew.
  if (step.seconds_left && step.seconds_left != last_estimate_) {
    last_estimate_ = step.seconds_left;
    end_expected_ = now + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(*step.seconds_left));
  }
  if (style_.live) step_text_ = text;  // drawn at the latest with the next tick
  if (now - last_step_ < pause) return;
  last_step_ = now;
  if (style_.live) {
    active_ = !over_;
    if (active_) draw();
    return;
  }
  line(step.seconds_left ? fmt::format("{} ({} left)", text, minutes(*step.seconds_left)) : text);
}

void TerminalProgress::note(std::string_view text) {
  if (style_.quiet) return;
  const std::lock_guard lock(mutex_);
  line(text);
}

void TerminalProgress::console(std::string_view text) {
  if (!style_.console || style_.quiet) return;
  const std::lock_guard lock(mutex_);
  clear_live_line();
  fmt::print(out_, "    | {}\n", printable(text));
}

}  // namespace aios
