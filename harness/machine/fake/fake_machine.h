// SPDX-License-Identifier: Apache-2.0
// A machine whose console is a script: what comes when. Time is a ManualClock that jumps to the next event, so a boot
// of a minute takes microseconds and ends the same every time. The rooms above test with it too.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "harness/machine/machine.h"

namespace aios {

struct FakeStep {
  Duration after{0};  // since the step before
  MachineEvent event;
};

struct FakeScript {
  std::vector<FakeStep> steps;
  Diagnosis diagnosis;
  EndReport report;
  Status boot_error;    // not ok: boot() fails with it
  double starving = 0;  // the part of all time in which it gets no processor

  FakeScript& say(std::string text, Duration after = std::chrono::milliseconds(10));
  FakeScript& show(std::vector<std::string> rows, Duration after = std::chrono::milliseconds(10));
  FakeScript& happen(EventKind kind, std::string text = {}, Duration after = std::chrono::milliseconds(10));
};

class FakeMachine final : public Machine {
 public:
  FakeMachine(FakeScript script, ManualClock& clock) : script_(std::move(script)), clock_(&clock) {}

  Status prepare(const BootSpec& spec, const std::filesystem::path& scratch) override;
  Status boot() override;
  Result<std::vector<MachineEvent>> wait(Duration at_most, int wake_fd) override;
  Status talk(std::string_view bytes) override;
  Diagnosis diagnose(Duration at_most, bool sysrq) override;
  Duration starved() override;
  EndReport end(Duration at_most) override;

  // What was done to it.
  std::string typed;
  int asked = 0, ended = 0;
  bool sysrq_sent = false;

 private:
  FakeScript script_;
  ManualClock* clock_;
  std::size_t next_ = 0;
  Duration due_{0}, booted_{0};
};

}  // namespace aios
