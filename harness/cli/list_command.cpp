// SPDX-License-Identifier: Apache-2.0
// What there is: kernels, scenarios, machines, metrics.
#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/machine/machines.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/manifest/scenario_manifest.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct Row {
  OrderedJson json;
  std::vector<std::string> cells;  // the first is the name
};

Result<std::vector<Row>> kernel_rows(const Context& context) {
  std::vector<Row> rows;
  for (const auto& name : list_kernels(context.paths.kernels())) {
    const Result<Kernel> kernel = find_kernel(context.paths.kernels(), name);
    if (!kernel.ok()) {
      rows.push_back({{{"name", name}, {"error", kernel.error().describe()}}, {name, "", kernel.error().describe()}});
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
    rows.push_back({{{"name", name},
                     {"description", description},
                     {"variants", variants},
                     {"default_variant", kernel->default_variant},
                     {"source", kernel->source.location}},
                    {name, join(names, " "), description}});
  }
  return rows;
}

Result<std::vector<Row>> scenario_rows(const Context& context) {
  std::vector<Row> rows;
  for (const auto& scenario : TRY(load_scenarios(context.paths.scenarios()))) {
    rows.push_back({{{"name", scenario.name},
                     {"description", scenario.description},
                     {"core", scenario.core},
                     {"needs", scenario.needs},
                     {"metrics", scenario.metrics.size()}},
                    {scenario.name, scenario.core ? "core" : "", scenario.description}});
  }
  return rows;
}

Result<std::vector<Row>> machine_rows(const Context&) {
  std::vector<Row> rows;
  for (const auto& machine : built_in_machines()) {
    rows.push_back({{{"name", machine.name},
                     {"description", machine.description},
                     {"backend", machine.backend},
                     {"fidelity", to_string(machine.fidelity)},
                     {"abilities", machine.abilities}},
                    {machine.name, std::string(to_string(machine.fidelity)), machine.description}});
  }
  return rows;
}

Result<std::vector<Row>> metric_rows(const Context& context) {
  std::vector<Row> rows;
  for (const auto& scenario : TRY(load_scenarios(context.paths.scenarios()))) {
    for (const auto& metric : scenario.metrics) {
      rows.push_back({{{"name", metric.name},
                       {"unit", to_string(metric.unit)},
                       {"direction", to_string(metric.direction)},
                       {"kind", to_string(metric.kind)},
                       {"description", metric.description},
                       {"scenario", scenario.name}},
                      {metric.name, std::string(to_string(metric.unit)), metric.description}});
    }
  }
  return rows;
}

std::string table(const std::vector<Row>& rows) {
  std::size_t widths[2] = {0, 0};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < 2; ++i) widths[i] = std::max(widths[i], row.cells[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    text += fmt::format("{:<{}}  {:<{}}  {}\n", row.cells[0], widths[0], row.cells[1], widths[1], row.cells[2]);
  }
  return text;
}

}  // namespace

CommandSpec list_command() {
  return {"list", "Show the kernels, scenarios, machines or metrics that there are",
          "  aios-bench list kernels\n  aios-bench list metrics --json", [](FlagSet& set) -> Action {
            struct Flags {
              std::string what;
              bool json = false, names = false;
            };
            auto flags = std::make_shared<Flags>();
            set.add("WHAT", flags->what, "kernels, scenarios, machines or metrics",
                    {.required = true, .choices = {"kernels", "scenarios", "machines", "metrics"}});
            set.add("--json", flags->json, "One JSON document on standard output");
            set.add("--names", flags->names, "Only the names, one a line");
            return [flags](Context& context) -> Result<int> {
              const auto rows = TRY(flags->what == "kernels"     ? kernel_rows(context)
                                    : flags->what == "scenarios" ? scenario_rows(context)
                                    : flags->what == "machines"  ? machine_rows(context)
                                                                 : metric_rows(context));
              if (flags->json) {
                OrderedJson array = OrderedJson::array();
                for (const auto& row : rows) array.push_back(row.json);
                context.print(dump_json(array, 2) + "\n");
              } else if (flags->names) {
                for (const auto& row : rows) context.print(row.cells[0] + "\n");
              } else {
                context.print(table(rows));
              }
              return kExitMet;
            };
          }};
}

}  // namespace aios
