// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/machine_list.h"

#include "harness/machine/machines.h"
#include "harness/manifest/machines_file.h"

namespace aios {

std::vector<fs::path> machine_files(const Context& context) {
  std::vector<fs::path> files;
  std::error_code code;
  for (const fs::path& file : {context.paths.project_machines, context.paths.user_machines}) {
    if (!file.empty() && fs::is_regular_file(file, code)) files.push_back(file);
  }
  if (!context.paths.named_machines.empty()) files.push_back(context.paths.named_machines);
  return files;
}

Result<std::vector<MachineSpec>> machine_list(const Context& context) {
  const fs::path& named = context.paths.named_machines;
  std::error_code code;
  if (!named.empty() && !fs::is_regular_file(named, code)) {
    return config_error("there is no such machine file", named.string(), "--machines takes a TOML file of machines");
  }
  std::vector<MachineSpec> machines = built_in_machines();
  for (const fs::path& file : machine_files(context)) {
    machines = TRY(add_machines_file(std::move(machines), file));
  }
  return machines;
}

}  // namespace aios
