// SPDX-License-Identifier: Apache-2.0
// What there is: kernels, scenarios, machines, metrics.
#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/commands.h"
#include "harness/cli/listing.h"
#include "harness/support/json.h"

namespace aios {
namespace {

std::string table(const std::vector<ListedRow>& rows) {
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
              const auto rows = TRY(listing(context, flags->what));
              if (flags->json) {
                OrderedJson array = OrderedJson::array();
                for (const auto& row : rows) array.push_back(OrderedJson::parse(row.json));
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
