// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/paths.h"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/manifest/machines_file.h"

namespace aios {
namespace {

fs::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? fs::absolute(value) : fs::path();
}

}  // namespace

Result<Paths> find_paths() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  return find_paths(program.parent_path().parent_path());  // BUILD/bin/aios-bench or PREFIX/bin/aios-bench
}

Result<Paths> find_paths(const fs::path& prefix) {
  Paths paths;
  std::error_code ignored;
  paths.data = from_environment("AIOS_BENCH_DATA");
  if (paths.data.empty()) {
    for (const fs::path& candidate : {fs::path(AIOS_SOURCE_DIR), prefix / "share" / "aios-bench"}) {
      if (fs::is_directory(candidate / "kernels", ignored)) {
        paths.data = candidate;
        break;
      }
    }
  }
  if (paths.data.empty() || !fs::is_directory(paths.kernels(), ignored)) {
    return config_error("the kernels and scenarios that come with aios-bench are not where they were built",
                        AIOS_SOURCE_DIR, "set AIOS_BENCH_DATA to the folder that holds kernels/ and scenarios/");
  }
  paths.guest = from_environment("AIOS_BENCH_GUEST");
  if (paths.guest.empty()) {
    paths.guest = fs::is_directory(prefix / "guest", ignored) ? prefix / "guest" : paths.data / "guest";
  }
  paths.plugin = from_environment("AIOS_BENCH_PLUGIN");
  if (paths.plugin.empty()) paths.plugin = prefix / "lib" / "aios_count.so";
  paths.store = from_environment("AIOS_BENCH_HOME");
  if (paths.store.empty()) paths.store = fs::current_path(ignored) / ".aios-bench";
  const fs::path here = fs::current_path(ignored);
  if (!here.empty()) paths.project_machines = project_machines_file(here);
  fs::path config = from_environment("XDG_CONFIG_HOME");
  if (const fs::path home = from_environment("HOME"); config.empty() && !home.empty()) config = home / ".config";
  if (!config.empty()) paths.user_machines = config / "aios-bench" / kMachinesFile;
  paths.named_machines = from_environment("AIOS_BENCH_MACHINES");
  return paths;
}

}  // namespace aios
