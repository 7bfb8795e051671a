// SPDX-License-Identifier: Apache-2.0
// The contract of a machine: what a back end must do, and nothing that the watcher above can do once for all of them.
// One object is one boot. Abilities are data (MachineSpec::abilities) that the planner reads. A back end never decides
// how a boot went, holds no literal time-out, and leaves nothing behind once `end` has returned or it is destroyed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/machine/boot_spec.h"
#include "harness/machine/machine_event.h"
#include "harness/machine/registers.h"
#include "harness/support/cancel.h"
#include "harness/support/clock.h"
#include "harness/support/result.h"

namespace aios {

struct Diagnosis {
  std::string registers;                // as the machine prints them
  std::vector<ProcessorState> samples;  // a few looks at the first processor, oldest first
  std::vector<std::string> notes;
};

struct EndReport {
  std::string words;  // what the back end said on its error stream, bounded
  std::string version;
  std::string command;
  std::vector<std::string> devices;
  std::vector<std::string> notes;
  std::vector<std::string> doubts;                      // why figures of this boot may be worse than they look
  std::vector<std::pair<std::string, Duration>> parts;  // of the boot, in order, where the machine knows them
  Fidelity fidelity = Fidelity::timed;
};

class Machine {
 public:
  virtual ~Machine() = default;
  // Checks the spec and makes what the boot needs in `scratch`; starts nothing.
  virtual Status prepare(const BootSpec& spec, const std::filesystem::path& scratch) = 0;
  // Starts the guest; not one byte of its console is lost.
  virtual Status boot() = 0;
  // Waits for events, for `wake_fd` to become readable, or for `at_most`; also returns at a cancel.
  virtual Result<std::vector<MachineEvent>> wait(Duration at_most, int wake_fd) = 0;
  // Types into the console.
  virtual Status talk(std::string_view bytes) = 0;
  // Asks a machine that is alive or paused what it is doing, within `at_most`. Sysrq only where the guest is Linux.
  virtual Diagnosis diagnose(Duration at_most, bool sysrq) = 0;
  // How long it would have run and got no processor of the host: time that is held against nobody. 0: not known.
  virtual Duration starved() { return Duration{0}; }
  // Stops a guest that is held and writes it to a new file. What is left of the machine after it can only be ended.
  virtual Status save(const std::filesystem::path& /*out*/, Duration /*at_most*/) {
    return config_error("this machine cannot save a guest");
  }
  // Ends it, orderly if that takes no longer than `at_most`. Safe to call at any time, and again.
  virtual EndReport end(Duration at_most) = 0;
};

struct Holds;

// What back ends are given from outside.
struct MachineEnvironment {
  const Clock* clock = nullptr;
  const CancelToken* cancel = nullptr;  // may be null
  std::filesystem::path cache_folder =
      {};                  // what is found out once a host (does KVM boot?); empty: found out each time
  Holds* holds = nullptr;  // what is kept for as long as the run goes on (holds.h); null: given back with the machine
};

}  // namespace aios
