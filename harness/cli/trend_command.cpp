// SPDX-License-Identifier: Apache-2.0
// The history of a kernel in this store: where each metric changed its level.
#include <fmt/format.h>

#include <cmath>

#include "harness/cli/commands.h"
#include "harness/cli/stored_trend.h"
#include "harness/cli/text_style.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct TrendFlags {
  TrendQuery query;
  bool json = false, all = false;
};

std::string size_of(const TrendPoint& point, Unit unit) {
  if (unit == Unit::yes_no) return "";
  if (point.before == 0) return "from 0";
  const double percent = 100 * (point.after - point.before) / std::fabs(point.before);
  return std::fabs(percent) < 0.095 ? fmt::format("{:+.2g} %", percent) : fmt::format("{:+.1f} %", percent);
}

std::string sureness_of(const TrendPoint& point) {
  if (point.p == 0) return "exact";
  return point.p < 1e-4 ? "> 99.99 %" : fmt::format("{:.2f} %", 100 * point.confidence());
}

std::string trend_text(const Trend& trend, const TrendFlags& flags, const TextStyle& style) {
  TextTable table({{"metric", false, true, 24},
                   {"before", true},
                   {"after", true},
                   {"change", true},
                   {""},
                   {"confidence", true},
                   {"first run of it"},
                   {"subject", false, true},
                   {"label", false, true},
                   {"changed with it", false, true}});
  std::string group;
  std::size_t quiet = 0, points = 0;
  for (const TrendSeries& series : trend.series) {
    if (series.points.empty() && !flags.all) {
      ++quiet;
      continue;
    }
    const std::string name = fmt::format("{} on {}, {} runs", series.name, series.machine, series.runs.size());
    if (name != group) table.group(group = name);
    if (series.points.empty())
      table.row({{series.metric}, {""}, {format_value(series.values.back(), series.unit)}, {"none"}});
    for (const TrendPoint& point : series.points) {
      const Tone tone = point.direction == "worse" ? Tone::bad : point.direction == "better" ? Tone::good : Tone::plain;
      table.row({{series.metric},
                 {format_value(point.before, series.unit)},
                 {format_value(point.after, series.unit)},
                 {size_of(point, series.unit), tone},
                 {point.direction, tone},
                 {sureness_of(point)},
                 {point.run},
                 {point.subject},
                 {point.label},
                 {join(point.inputs_changed, ", ")}});
      ++points;
    }
  }
  std::string text = table.empty() ? "" : table.render(style) + "\n";
  text += fmt::format("{} changes in {} series over {} runs; {} series without\n", points, trend.series.size(),
                      trend.runs, quiet);
  if (trend.left_out > 0) text += fmt::format("{} runs that did not complete are left out\n", trend.left_out);
  return text;
}

Result<int> trend(Context& context, const TrendFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  const Trend found = TRY(stored_trend(context, store, flags.query));
  context.print(flags.json ? trend_to_json(found, 2) + "\n" : trend_text(found, flags, text_style(context)));
  return kExitMet;
}

}  // namespace

CommandSpec trend_command() {
  return {
      "trend", "Show where the metrics of a kernel changed over the runs in the store",
      "  aios-bench trend\n  aios-bench trend aios --metric 'syscall.*' --last 50\n  aios-bench trend debian --json",
      [](FlagSet& set) -> Action {
        auto flags = std::make_shared<TrendFlags>();
        set.add("KERNEL", flags->query.kernel, "Only this kernel (default: every kernel that has runs)");
        set.add("--metric", flags->query.metrics, "Only this metric; a '*' at its end stands for any rest",
                {.value = "M"});
        set.add("--last", flags->query.last, "Only the newest N runs", {.value = "N"});
        set.add("--label", flags->query.label, "Only runs with this label", {.value = "L"});
        set.add("--machine", flags->query.machine, "Only runs on this machine", {.value = "M"});
        set.add("--level", flags->query.level, "Timed metrics: how often pure noise may show a change",
                {.value = "P", .show_default = true});
        set.add("--all", flags->all, "Also the metrics that did not change");
        set.add("--json", flags->json, "One JSON document on standard output: every series with its values and points");
        return [flags](Context& context) { return trend(context, *flags); };
      }};
}

}  // namespace aios
