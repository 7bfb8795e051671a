// SPDX-License-Identifier: Apache-2.0
// The machines that are there without a machine file, as data, and the table of back ends that makes one run and says
// what one lacks. Adding a back end is adding a folder and a row here. Machines of files: manifest/machines_file.h.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "harness/machine/machine.h"
#include "harness/machine/machine_check.h"
#include "harness/machine/watch_plan.h"
#include "harness/model/machine.h"

namespace aios {

// "qemu-exact" first: it is the default.
const std::vector<MachineSpec>& built_in_machines();
// A config error with a spelling suggestion for a name that is not there.
Result<MachineSpec> find_machine(std::span<const MachineSpec> machines, std::string_view name);

// Words that a Linux guest gets on its command line from the machine: what makes exact boots repeatable and quick, and
// how it reaches console and power-off there.
std::vector<std::string> machine_kernel_words(const MachineSpec& machine);
// What the machine changes in a plan: its scale, and whether a reset is its way of turning off.
void adapt_plan(const MachineSpec& machine, WatchPlan& plan);

struct BackEnd {
  std::string_view name;
  std::unique_ptr<Machine> (*make)(const MachineEnvironment& environment);
  // Changes nothing, and boots nothing but what tells whether a boot is possible at all.
  MachineFindings (*check)(const MachineSpec& spec, const MachineEnvironment& environment);
};
std::span<const BackEnd> back_ends();

// Findings of its back end; a back end that is not there is one.
MachineFindings check_machine(const MachineSpec& spec, const MachineEnvironment& environment);

Result<std::unique_ptr<Machine>> make_machine(const MachineSpec& spec, const MachineEnvironment& environment);

}  // namespace aios
