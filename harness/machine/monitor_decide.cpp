// SPDX-License-Identifier: Apache-2.0
// The part of the monitor that looks at the time: when waiting has become an answer.
#include <fmt/format.h>

#include <algorithm>

#include "harness/machine/monitor.h"
#include "harness/support/text.h"

namespace aios {

void Monitor::decide(EndState state, std::string detail) {
  decided_ = state;
  detail_ = std::move(detail);
}

bool Monitor::said_something() const {
  return first_output_ || splitter_.pending().find_first_not_of(" \t") != std::string::npos;
}

// A crash or refusal that was seen is the answer, whatever ends the waiting for the rest of it.
bool Monitor::check_pending() {
  if (!pending_) return false;
  const auto& line = pending_->state == EndState::loader_refusal ? loader_text_ : pending_->line;
  switch (pending_->state) {
    case EndState::panic:
      decide(EndState::panic, fmt::format("the kernel panicked: {}", line));
      break;
    case EndState::oops:
      decide(EndState::oops, fmt::format("the kernel had a fault of its own: {}", line));
      break;
    case EndState::wrong_cpu:
      decide(EndState::wrong_cpu, fmt::format("the kernel refuses this processor: {}", line));
      break;
    default:
      decide(EndState::loader_refusal, fmt::format("the loader would not start it: {}", line));
      break;
  }
  return true;
}

void Monitor::move_on(Duration wall) {
  // A machine that gets next to nothing of its host is given up some day too: at four times its time.
  constexpr double kMostForgiven = 0.75;
  now_.wall = std::max(now_.wall, wall);
  const Duration elapsed = now_.wall - start_.wall;
  const Duration forgiven = std::min(starved_, std::chrono::duration_cast<Duration>(elapsed * kMostForgiven));
  now_.patient = std::max(now_.patient, now_.wall - forgiven);
}

const Monitor::Instant& Monitor::last_activity() const {
  return last_output_ && last_output_->wall > last_progress_.wall ? *last_output_ : last_progress_;
}

void Monitor::tick(Duration now, Duration starved) {
  if (decided_) return;
  starved_ = std::max(starved_, starved);
  move_on(now);
  if (pending_) {
    const bool quiet = passed(last_output_.value_or(pending_->since), plan_.settle);
    const auto state = pending_->state;
    const bool told = state == EndState::loader_refusal ? passed(last_output_.value_or(start_), plan_.loader_grace)
                      : state == EndState::oops         ? false
                                                        : quiet;
    if ((told || passed(pending_->since, plan_.crash_grace)) && check_pending()) return;
  }
  if (!pending_ && finished_at_ && plan_.wanted == WantedEnd::finished && passed(*finished_at_, plan_.late)) {
    return decide(EndState::finished, "the guest said that it is done");
  }
  if (!pending_ && halted_at_ && passed(*halted_at_, plan_.settle)) {
    return decide(EndState::power_off, "the guest halted: it found no way to turn this machine off");
  }
  if (!pending_ && markers_done_ && plan_.wanted == WantedEnd::stays_alive && passed(*markers_done_, plan_.dwell)) {
    return decide(EndState::reached_markers, "every marker in order, and alive after the last one");
  }
  if (passed(start_, plan_.deadline)) return time_is_over();
  if (!said_something() && passed(start_, plan_.silence) && !pending_) {
    return decide(EndState::silence, fmt::format("not a word in {:.1f} s", seconds(now_.wall - start_.wall)));
  }
  const Instant& active = last_activity();
  if (said_something() && !pending_ && !markers_done_ && passed(active, plan_.stall)) {
    if (plan_.markers.empty() && plan_.wanted == WantedEnd::stays_alive) {
      return decide(EndState::reached_markers, "alive and at rest (no marker was asked for)");
    }
    decide(EndState::hang,
           fmt::format("nothing new for {:.1f} s; {}", seconds(now_.wall - active.wall), markers_.missing()));
  }
}

void Monitor::time_is_over() {
  if (check_pending()) return;
  const double waited = seconds(now_.wall - start_.wall);
  if (!said_something()) return decide(EndState::silence, fmt::format("not a word in {:.1f} s", waited));
  if (plan_.markers.empty() && plan_.wanted == WantedEnd::stays_alive) {
    return decide(EndState::reached_markers, "alive when the time was over (no marker was asked for)");
  }
  if (passed(last_activity(), plan_.stall)) {
    return decide(EndState::hang,
                  fmt::format("nothing new until the deadline of {:.1f} s; {}", waited, markers_.missing()));
  }
  decide(EndState::deadline,
         fmt::format(
             "not through in {:.1f} s; the last output came {:.1f} s before, the last progress {:.1f} s before; {}",
             waited, seconds(now_.wall - last_output_.value_or(last_progress_).wall),
             seconds(now_.wall - last_progress_.wall), markers_.missing()));
}

Duration Monitor::next_check(Duration now) const {
  Duration at = start_.patient + plan_.scaled(plan_.deadline);
  const auto earlier = [&](const Instant& since, Duration limit) {
    at = std::min(at, since.patient + plan_.scaled(limit));
  };
  if (pending_) {
    earlier(pending_->since, plan_.crash_grace);
    if (pending_->state == EndState::loader_refusal) earlier(last_output_.value_or(start_), plan_.loader_grace);
    if (pending_->state == EndState::panic || pending_->state == EndState::wrong_cpu) {
      earlier(last_output_.value_or(pending_->since), plan_.settle);
    }
  } else {
    if (finished_at_ && plan_.wanted == WantedEnd::finished) earlier(*finished_at_, plan_.late);
    if (halted_at_) earlier(*halted_at_, plan_.settle);
    if (markers_done_ && plan_.wanted == WantedEnd::stays_alive) earlier(*markers_done_, plan_.dwell);
    if (!said_something()) {
      earlier(start_, plan_.silence);
    } else if (!markers_done_) {
      earlier(last_activity(), plan_.stall);
    }
  }
  const Duration patient = now_.patient + std::max(now - now_.wall, Duration{0});
  return std::max(at - patient, Duration{0});
}

bool Monitor::wanted() const {
  if (!decided_) return false;
  const bool markers = markers_.complete();
  switch (plan_.wanted) {
    case WantedEnd::stays_alive:
      return *decided_ == EndState::reached_markers;
    case WantedEnd::power_off:
      return *decided_ == EndState::power_off && markers;
    case WantedEnd::guest_exit:
      return *decided_ == EndState::guest_exit && markers;
    case WantedEnd::finished:
      return *decided_ == EndState::finished && markers;
  }
  return false;
}

void Monitor::diagnosed(const Diagnosis& diagnosis, const std::vector<AddressRange>& image) {
  if (!decided_ || diagnosis.samples.empty()) return;
  const auto& samples = diagnosis.samples;
  detail_ += fmt::format("; the processor: {}", describe(samples.back()));
  const bool rests =
      std::all_of(samples.begin(), samples.end(), [&](const auto& s) { return s.halted && inside_image(s.ip, image); });
  if (*decided_ == EndState::silence && rests) decided_ = EndState::alive_but_invisible;
}

void Monitor::fill(BootEvidence& evidence) const {
  evidence.state = decided_.value_or(EndState::machine_died);
  evidence.detail = detail_;
  evidence.wanted = wanted();
  evidence.exit_code = exit_code_;
  evidence.markers = markers_.seen();
  const auto since_start = [&](const std::optional<Instant>& at) {
    return at ? std::optional(at->wall - start_.wall) : std::nullopt;
  };
  evidence.phases.first_output = since_start(first_output_);
  evidence.phases.last_output = since_start(last_output_);
  evidence.phases.ended = now_.wall - start_.wall;
  evidence.last_lines = last_lines_;
  if (!splitter_.pending().empty()) evidence.last_lines.push_back(printable(splitter_.pending().substr(0, 500)));
  evidence.console = history_.text();
  evidence.console_bytes = history_.total();
  evidence.console_lines = lines_;
  evidence.console_cut = history_.cut();
  evidence.screen = screen_.now();
  evidence.screen_history = screen_.lines();
  evidence.crash_text = crash_text_;
  evidence.warnings = warnings_;
  if (!markers_.complete()) evidence.notes.push_back(markers_.missing());
}

}  // namespace aios
