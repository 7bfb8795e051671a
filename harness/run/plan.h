// SPDX-License-Identifier: Apache-2.0
// What a run will do, before it does it: every boot on which machine with which orders. A value that can be printed and
// is stored in the bundle. Planning refuses what the machine cannot do, naming the ability.
//
// One scenario, one boot: in one boot together the figures of a scenario would hang on which others ran before it (its
// slab caches, its free lists), and a run of `syscall` alone would differ from one of `core`.
#pragma once

#include <string>
#include <vector>

#include "harness/model/kernel.h"
#include "harness/model/run_record.h"
#include "harness/model/scenario.h"
#include "harness/run/request.h"

namespace aios {

inline constexpr char kBlackBox[] = "black_box";  // the scenario of a kernel that speaks no protocol

struct PlannedBoot {
  int index = 0;
  int perturbation = 0;
  int repeat = 0;
  std::string scenario;
};

struct LeftOut {
  std::string scenario, ability;  // what the machine has not
};

struct Plan {
  std::string subject;  // canonical text, without what was appended
  std::string name;     // for tables
  bool black_box = false;
  bool frames = false;  // no Linux, and reports in frames by itself: no initramfs of ours goes with it
  MachineSpec machine;
  std::string mode;  // "exact" or "timed"
  std::vector<Scenario> scenarios;
  std::vector<LeftOut> left_out;
  std::vector<Perturbation> perturbations;
  std::vector<PlannedBoot> boots;
  std::vector<std::string> append;
  std::vector<std::string> sysctls;  // "key=value"
  std::vector<std::string> markers;
  double timeout_seconds = 0;
  std::string label;
  bool restore = false;  // where it is sound, go on from a saved guest

  bool exact() const { return mode == "exact"; }
  // Nothing is booted: programs run under the kernel that is there.
  bool on_running_kernel() const { return machine.abilities.contains("running_kernel"); }
  const Scenario* scenario(const std::string& name) const;
};

// What there is to choose from.
struct Catalogue {
  std::vector<Scenario> scenarios;
  std::vector<MachineSpec> machines;
  bool kvm_usable = false;  // believed only after it has booted something
};

// `kernel`: the manifest of the subject; null for an image file.
Result<Plan> make_plan(const RunRequest& request, const Catalogue& catalogue, const Kernel* kernel);

std::string plan_to_json(const Plan& plan);
// For a person: one line a boot.
std::string describe_plan(const Plan& plan);

}  // namespace aios
