// SPDX-License-Identifier: Apache-2.0
// A machine that boots nothing: the kernel under test is the one that runs. A "boot" is one fresh process of a guest
// program, pinned to a processor and without any right to change the host; its standard output takes the place of the
// serial line. What PID 1 of a guest would say (hello, ready, begin, end, done) this says for it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/machine/host/hardware_counters.h"
#include "harness/machine/host/processor_time.h"
#include "harness/machine/host/program_launch.h"
#include "harness/machine/machine.h"
#include "harness/support/process.h"

namespace aios::host {

// As it stands in the list of machines. What it can do depends on this processor.
MachineSpec machine_spec();

class HostMachine final : public Machine {
 public:
  explicit HostMachine(const MachineEnvironment& environment) : environment_(environment) {}

  Status prepare(const BootSpec& spec, const std::filesystem::path& scratch) override;
  Status boot() override;
  Result<std::vector<MachineEvent>> wait(Duration at_most, int wake_fd) override;
  Status talk(std::string_view bytes) override;
  Diagnosis diagnose(Duration at_most, bool sysrq) override;
  Duration starved() override;
  EndReport end(Duration at_most) override;

  int process_id() const { return child_ ? child_->pid() : -1; }  // for tests of what is left behind

 private:
  Duration now() const { return environment_.clock->monotonic(); }
  void emit(MachineEvent event);
  void read_output();
  void program_ended();
  // Kills the program with all of its group and its leftovers, and waits for it.
  ExitState finish();
  void weigh(EndReport& report) const;

  MachineEnvironment environment_;
  BootSpec spec_;
  LaunchPlan launch_;
  int processor_ = 0;

  std::optional<Child> child_;
  std::optional<ProcessorHold> hold_;
  HardwareCounters counters_;
  UniqueFd output_;
  std::vector<MachineEvent> events_;
  std::string tail_;  // the last of what it said, for the reason of a failure
  bool spoke_ = false, ended_ = false, pinned_ = false;

  std::optional<ProcessorTime> before_, after_;
  Duration reaped_before_{0}, own_{0};
  Duration starved_{0}, starved_due_{0};
  int queues_removed_ = 0;
};

}  // namespace aios::host
