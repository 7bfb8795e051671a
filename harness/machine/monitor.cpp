// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/monitor.h"

#include <fmt/format.h>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::string_view kFrameMark = "@AB1 ";
constexpr std::size_t kLastLines = 40;
constexpr std::size_t kCrashText = 32U << 10;
constexpr Duration kRateWindow = std::chrono::seconds(10);

bool blank(std::string_view text) { return text.find_first_not_of(" \t") == std::string_view::npos; }

}  // namespace

Monitor::Monitor(const WatchPlan& plan, const WatchHooks& hooks, Duration start)
    : plan_(plan),
      hooks_(hooks),
      start_{start, start},
      now_(start_),
      splitter_(plan.bounds.line_length),
      history_(plan.bounds.kept_head, plan.bounds.kept_tail),
      markers_(plan.markers),
      rate_since_(start),
      last_progress_(start_) {}

void Monitor::feed(const MachineEvent& event) {
  if (decided_) return;
  move_on(event.at);
  switch (event.kind) {
    case EventKind::console:
      console(event.text);
      break;
    case EventKind::screen:
      screen(event.rows);
      break;
    case EventKind::power_off:
    case EventKind::reset:
    case EventKind::triple_fault:
      machine_off(event);
      break;
    case EventKind::guest_exit:
      exit_code_ = event.code;
      if (!check_pending()) decide(EndState::guest_exit, fmt::format("the guest left with code {}", event.code));
      break;
    default:
      machine_gone(event);
      break;
  }
}

void Monitor::console(std::string_view bytes) {
  history_.append(bytes);
  if (hooks_.on_bytes) hooks_.on_bytes(bytes);
  last_output_ = now_;
  splitter_.feed(bytes, [this](std::string_view line) { whole_line(line); });
  // A prompt has no end of line; a marker may stand in it all the same.
  if (markers_.look(splitter_.pending(), marker_position_, now_.wall - start_.wall) > 0) {
    if (!first_output_) first_output_ = now_;
    progressed();
  }
  if (markers_.complete() && !plan_.markers.empty() && !markers_done_) markers_done_ = now_;
  check_bounds();
}

void Monitor::whole_line(std::string_view line) {
  ++lines_;
  ++rate_lines_;
  const auto mark = hooks_.on_frame ? line.find(kFrameMark) : std::string_view::npos;
  if (mark != std::string_view::npos) {
    const auto verdict = hooks_.on_frame(line.substr(mark), now_.wall - start_.wall);
    if (verdict != FrameVerdict::not_a_frame) {
      if (!first_output_) first_output_ = now_;
      progressed();
      if (verdict == FrameVerdict::finished && !finished_at_) finished_at_ = now_;
      line = line.substr(0, mark);
      if (blank(line)) {
        marker_position_ = 0;
        return;
      }
    }
  }
  text_line(line, Source::console);
  marker_position_ = 0;
}

void Monitor::text_line(std::string_view line, Source source) {
  if (blank(line)) return;
  if (hooks_.on_log) hooks_.on_log(line, now_.wall - start_.wall);
  if (source == Source::console) {
    if (last_lines_.size() == kLastLines) last_lines_.erase(last_lines_.begin());
    last_lines_.push_back(printable(line.substr(0, 500)));
  }
  const auto meaning = meaning_of(line, plan_.linux_crash_rules);
  if (!first_output_ && meaning != LineMeaning::firmware && meaning != LineMeaning::loader_refusal) {
    first_output_ = now_;
    progressed();
  }
  std::size_t from_start = 0;
  if (markers_.look(line, source == Source::console ? marker_position_ : from_start, now_.wall - start_.wall) > 0) {
    if (!first_output_) first_output_ = now_;
    progressed();
  }
  if (markers_.complete() && !plan_.markers.empty() && !markers_done_) markers_done_ = now_;
  notice(line, meaning);
}

void Monitor::notice(std::string_view line, LineMeaning meaning) {
  if (plan_.linux_crash_rules && line.find("reboot: ") != std::string_view::npos) told_reboot_ = true;
  // A guest that has no way to turn this machine off says so and stops.
  if (told_reboot_ && plan_.reset_is_off && line.find("System halted") != std::string_view::npos) halted_at_ = now_;
  const bool crashed = pending_ && (pending_->state == EndState::panic || pending_->state == EndState::oops);
  const auto become = [&](EndState state) { pending_ = Pending{state, now_, printable(trim(line).substr(0, 300))}; };
  switch (meaning) {
    case LineMeaning::panic:
      if (!crashed || pending_->state == EndState::oops) become(EndState::panic);
      break;
    case LineMeaning::oops:
      if (!crashed) become(EndState::oops);
      break;
    case LineMeaning::wrong_cpu:
      if (markers_.reached() == 0 && !pending_) become(EndState::wrong_cpu);
      break;
    case LineMeaning::loader_refusal:
      if (!first_output_ && !crashed) {
        if (loader_text_.size() < 2000)
          loader_text_ += fmt::format("{}{}", loader_text_.empty() ? "" : "; ", trim(line));
        become(EndState::loader_refusal);
      }
      break;
    case LineMeaning::warning:
      ++warnings_;
      break;
    default:
      break;
  }
  // The kernel speaks after all: the loader found another way.
  if (pending_ && pending_->state == EndState::loader_refusal && first_output_) pending_.reset();
  if (pending_ && (pending_->state == EndState::panic || pending_->state == EndState::oops) &&
      crash_text_.size() < kCrashText) {
    crash_text_ += fmt::format("{}\n", printable(line));
  }
}

void Monitor::screen(const std::vector<std::string>& rows) {
  const auto fresh = screen_.update(rows);
  if (!fresh.empty()) last_output_ = now_;
  for (const auto& row : fresh) text_line(row, Source::screen);
}

void Monitor::machine_off(const MachineEvent& event) {
  // What died says why in its last words, even in half a line.
  if (!splitter_.pending().empty()) whole_line(splitter_.take_pending());
  if (check_pending()) return;
  const bool down = finished_at_ || told_reboot_;
  if (finished_at_ && plan_.wanted == WantedEnd::finished) {
    decide(EndState::finished, "the guest said that it is done, and went");
  } else if (event.kind == EventKind::power_off) {
    decide(EndState::power_off, "the guest turned the machine off");
  } else if (plan_.reset_is_off && (down || event.kind == EventKind::reset)) {
    decide(EndState::power_off, "the guest turned the machine off (by a reset, as this machine does it)");
  } else if (event.kind == EventKind::reset) {
    decide(EndState::reset, "the guest reset the machine");
  } else {
    decide(EndState::triple_fault, "the processor gave up: a fault while it handled a double fault");
  }
}

void Monitor::machine_gone(const MachineEvent& event) {
  if (check_pending()) return;
  if (event.kind == EventKind::lost) {
    decide(EndState::lost_connection, fmt::format("the connection to the machine was lost: {}", event.text));
  } else if (event.refused) {
    decide(EndState::loader_refusal, fmt::format("the image was refused before it ran: {}", event.text));
  } else {
    decide(EndState::machine_died, fmt::format("the machine itself ended: {}", event.text));
  }
}

void Monitor::check_bounds() {
  const auto& bounds = plan_.bounds;
  if (history_.total() > bounds.bytes || lines_ > bounds.lines) {
    decide(EndState::flood, fmt::format("more output than is allowed: {} lines, {}", group_digits(lines_),
                                        human_bytes(static_cast<double>(history_.total()))));
    return;
  }
  if (now_.wall - rate_since_ < kRateWindow) return;
  const double per_second = static_cast<double>(rate_lines_) / seconds(now_.wall - rate_since_);
  if (per_second > static_cast<double>(bounds.lines_per_second)) {
    decide(EndState::flood,
           fmt::format("{:.0f} lines a second for {:.0f} s", per_second, seconds(now_.wall - rate_since_)));
  }
  rate_since_ = now_.wall;
  rate_lines_ = 0;
}

void Monitor::cancel(Duration now) {
  move_on(now);
  if (!decided_) decide(EndState::cancelled, "interrupted");
}

}  // namespace aios
