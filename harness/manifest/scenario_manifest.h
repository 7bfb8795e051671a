// SPDX-License-Identifier: Apache-2.0
// scenarios/NAME/scenario.toml -> Scenario. Adding a scenario is adding a folder; nothing else lists them.
//
//   name = "ipc"                           # the folder's name
//   description = "..."
//   core = true                            # part of "--scenario core"
//   order = 40                             # in one boot the lower runs first (default 50)
//   needs = ["guest_program"]              # abilities of the machine
//   program = "operations"                 # "" : seen from outside alone
//   arguments = ["ipc"]
//   exact_iterations = 100   timed_seconds = 0.5   deadline_seconds = 60   memory_mb = 256
//   [exact_iterations_for]                 # by metric, or by one word of its name
//   1MB = 8
//   [dimensions]
//   size = ["1B", "1MB"]
//   [[metrics]]                            # {size} in name and description: one metric for each value
//   name = "ipc.pipe.{size}.round_trip"    # begins with the scenario's name
//   unit = "instructions"   direction = "lower_is_better"   kind = "exact_count"   description = "one sentence"
//   dimensions = {size = ["1B"]}           # some of the values only
#pragma once

#include <vector>

#include "harness/model/scenario.h"
#include "harness/support/files.h"

namespace aios {

Result<Scenario> read_scenario_manifest(const fs::path& file);

// Every folder under `folder` that holds a scenario.toml, in the order in which they run (order, then name).
Result<std::vector<Scenario>> load_scenarios(const fs::path& folder);

// "core", "all", or names separated by commas, in the order in which they run, each once.
Result<std::vector<Scenario>> select_scenarios(const std::vector<Scenario>& known, const std::string& words);

}  // namespace aios
