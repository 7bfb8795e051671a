// SPDX-License-Identifier: Apache-2.0
#include "harness/run/run_inputs.h"

#include "harness/run/boot_recipe.h"
#include "harness/store/hash_cache.h"

namespace aios {

Result<std::map<std::string, std::string>> run_inputs(Store& store, const Plan& plan, const BuiltKernel& kernel,
                                                      const fs::path& plugin) {
  std::map<std::string, std::string> out;
  const auto keep = [&](const char* name, const fs::path& file) -> Status {
    if (file.empty() || !fs::exists(file)) return {};
    std::string hash = TRY(cached_file_hash(store, file));
    if (!store.artifact(hash)) hash = TRY(store.put_artifact(file));
    out[name] = std::move(hash);
    return {};
  };
  out["kernel"] = plan.on_running_kernel() ? kernel.key : TRY(cached_file_hash(store, boot_image(plan, kernel)));
  TRY(keep("config", kernel.config));
  TRY(keep("system_map", kernel.system_map));
  if (!kernel.key.empty()) out["build"] = kernel.key;
  for (const fs::path& module : kernel.module_files) {
    out["module " + module.filename().string()] = TRY(cached_file_hash(store, module));
  }
  if (plan.machine.abilities.contains("counts") && !plan.black_box && !plugin.empty() && fs::exists(plugin)) {
    out["plugin"] = TRY(cached_file_hash(store, plugin));
  }
  out["cpu_model"] = plan.machine.cpu_model;
  out["machine"] = plan.machine.board + " " + plan.machine.accelerator;
  return out;
}

}  // namespace aios
