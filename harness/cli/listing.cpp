// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/listing.h"

#include <algorithm>

#include "harness/cli/machine_list.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/manifest/scenario_manifest.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using Rows = std::vector<ListedRow>;

ListedRow row_of(const OrderedJson& json, std::vector<std::string> cells) {
  return {dump_json(json), std::move(cells)};
}

Result<Rows> kernel_rows(const Context& context) {
  Rows rows;
  for (const auto& name : list_kernels(context.paths.kernels())) {
    const Result<Kernel> kernel = find_kernel(context.paths.kernels(), name);
    if (!kernel.ok()) {
      rows.push_back(
          row_of({{"name", name}, {"error", kernel.error().describe()}}, {name, "", kernel.error().describe()}));
      continue;
    }
    OrderedJson variants = OrderedJson::array();
    std::vector<std::string> names;
    for (const auto& variant : kernel->variants) {
      variants.push_back({{"name", variant.name}, {"description", variant.description}});
      names.push_back(":" + variant.name);
    }
    // An alias is a variant under a name of its own: what the variant says of itself is what it is.
    const auto meant = std::find_if(kernel->variants.begin(), kernel->variants.end(),
                                    [&](const KernelVariant& variant) { return variant.alias == name; });
    const std::string description =
        meant == kernel->variants.end() ? kernel->description : kernel->name + " " + meant->description;
    rows.push_back(row_of({{"name", name},
                           {"description", description},
                           {"variants", variants},
                           {"default_variant", kernel->default_variant},
                           {"source", kernel->source.location}},
                          {name, join(names, " "), description}));
  }
  return rows;
}

Result<Rows> scenario_rows(const Context& context) {
  Rows rows;
  for (const auto& scenario : TRY(load_scenarios(context.paths.scenarios()))) {
    rows.push_back(row_of({{"name", scenario.name},
                           {"description", scenario.description},
                           {"core", scenario.core},
                           {"needs", scenario.needs},
                           {"metrics", scenario.metrics.size()}},
                          {scenario.name, scenario.core ? "core" : "", scenario.description}));
  }
  return rows;
}

Result<Rows> machine_rows(const Context& context) {
  Rows rows;
  for (const auto& machine : TRY(machine_list(context))) {
    rows.push_back(row_of({{"name", machine.name},
                           {"description", machine.description},
                           {"backend", machine.backend},
                           {"fidelity", to_string(machine.fidelity)},
                           {"abilities", machine.abilities},
                           {"defined_in", machine.defined_in}},
                          {machine.name, std::string(to_string(machine.fidelity)), machine.description}));
  }
  return rows;
}

Result<Rows> metric_rows(const Context& context) {
  Rows rows;
  for (const auto& scenario : TRY(load_scenarios(context.paths.scenarios()))) {
    for (const auto& metric : scenario.metrics) {
      rows.push_back(row_of({{"name", metric.name},
                             {"unit", to_string(metric.unit)},
                             {"direction", to_string(metric.direction)},
                             {"kind", to_string(metric.kind)},
                             {"description", metric.description},
                             {"scenario", scenario.name}},
                            {metric.name, std::string(to_string(metric.unit)), metric.description}));
    }
  }
  return rows;
}

}  // namespace

Result<std::vector<ListedRow>> listing(const Context& context, const std::string& what) {
  if (what == "kernels") return kernel_rows(context);
  if (what == "scenarios") return scenario_rows(context);
  if (what == "machines") return machine_rows(context);
  return metric_rows(context);
}

}  // namespace aios
