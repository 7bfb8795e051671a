// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/scenario_list.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/manifest/scenario_manifest.h"

namespace aios {
namespace {

// The one program of `guest_programs` whose absence says that nothing was built at all: that is told elsewhere.
constexpr const char* kInEveryBuild = "operations";

}  // namespace

Result<std::vector<Scenario>> scenario_list(const Context& context, const std::vector<std::string>& asked, bool say) {
  std::vector<Scenario> all = TRY(load_scenarios(context.paths.scenarios()));
  const fs::path programs = context.paths.guest / "bin";
  std::error_code ignored;
  if (!fs::exists(programs / kInEveryBuild, ignored)) return all;
  const auto asks = [&](std::string_view name) { return std::find(asked.begin(), asked.end(), name) != asked.end(); };
  std::vector<Scenario> out;
  for (Scenario& scenario : all) {
    if (scenario.program.empty() || fs::exists(programs / scenario.program, ignored)) {
      out.push_back(std::move(scenario));
      continue;
    }
    const std::string build = fmt::format("ci/build release {}", scenario.program);
    if (asks(scenario.name)) {
      return config_error(fmt::format("the program of scenario '{}' is not built", scenario.name),
                          (programs / scenario.program).string(), build + "   builds it, once");
    }
    if (say && asks("all")) {
      context.progress.note(
          fmt::format("scenario {} is left out: its program is not built ({})", scenario.name, build));
    }
  }
  return out;
}

}  // namespace aios
