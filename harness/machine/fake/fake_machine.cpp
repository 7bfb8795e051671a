// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/fake/fake_machine.h"

namespace aios {

FakeScript& FakeScript::say(std::string text, Duration after) {
  return happen(EventKind::console, std::move(text), after);
}

FakeScript& FakeScript::show(std::vector<std::string> rows, Duration after) {
  steps.push_back({after, {.kind = EventKind::screen, .rows = std::move(rows)}});
  return *this;
}

FakeScript& FakeScript::happen(EventKind kind, std::string text, Duration after) {
  steps.push_back({after, {.kind = kind, .text = std::move(text)}});
  return *this;
}

Status FakeMachine::prepare(const BootSpec&, const std::filesystem::path&) { return {}; }

Status FakeMachine::boot() {
  due_ = booted_ = clock_->monotonic();
  if (!script_.steps.empty()) due_ += script_.steps.front().after;
  return script_.boot_error;
}

Result<std::vector<MachineEvent>> FakeMachine::wait(Duration at_most, int) {
  const Duration now = clock_->monotonic();
  if (next_ == script_.steps.size() || due_ > now + at_most) {
    // A real machine's wait is never quite over in time; a step of nothing would be a loop without an end here.
    clock_->advance(std::max(at_most, Duration(1)));
    return std::vector<MachineEvent>{};
  }
  if (due_ > now) clock_->advance(due_ - now);
  MachineEvent event = script_.steps[next_++].event;
  event.at = clock_->monotonic();
  if (next_ < script_.steps.size()) due_ += script_.steps[next_].after;
  return std::vector<MachineEvent>{std::move(event)};
}

Status FakeMachine::talk(std::string_view bytes) {
  typed += bytes;
  return {};
}

Diagnosis FakeMachine::diagnose(Duration, bool sysrq) {
  ++asked;
  sysrq_sent = sysrq;
  return script_.diagnosis;
}

Duration FakeMachine::starved() {
  return std::chrono::duration_cast<Duration>((clock_->monotonic() - booted_) * script_.starving);
}

EndReport FakeMachine::end(Duration) {
  ++ended;
  return script_.report;
}

}  // namespace aios
