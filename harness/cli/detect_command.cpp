// SPDX-License-Identifier: Apache-2.0
// Change points of any series: the same detector as `trend`, on a file or a pipe.
#include <fmt/format.h>

#include <cmath>
#include <iostream>

#include "harness/cli/commands.h"
#include "harness/cli/series_text.h"
#include "harness/cli/text_style.h"
#include "harness/stats/change_points.h"
#include "harness/stats/level_steps.h"
#include "harness/support/files.h"
#include "harness/support/json.h"

namespace aios {
namespace {

struct DetectFlags {
  std::string file, column;
  bool json = false, rows = false, exact = false;
  double level = 0.01, fence = 0;
};

// JSON has no infinity.
OrderedJson finite_or_null(double value) { return std::isfinite(value) ? OrderedJson(value) : OrderedJson(nullptr); }

Result<stats::ChangePoints> points_of(const SeriesText& series, const DetectFlags& flags) {
  if (!flags.exact) return stats::change_points(series.values, {.level = flags.level});
  stats::ChangePoints out;
  for (const auto& step : TRY(stats::level_steps(series.values, flags.fence / 100))) {
    stats::ChangePoint point;
    point.index = step.index;
    point.before = step.before;
    point.after = step.after;
    point.p = 0;
    point.deviations = INFINITY;
    out.points.push_back(point);
  }
  return out;
}

OrderedJson points_json(const stats::ChangePoints& found, const SeriesText& series) {
  OrderedJson array = OrderedJson::array();
  for (const auto& point : found.points) {
    OrderedJson row = {{"index", series.positions[point.index]}};
    if (!series.times.empty()) row["time"] = series.times[point.index];
    row["before"] = point.before;
    row["after"] = point.after;
    row["magnitude"] = finite_or_null(point.relative());
    row["deviations"] = finite_or_null(point.deviations);
    row["p"] = point.p;
    row["confidence"] = 1 - point.p;
    array.push_back(std::move(row));
  }
  return array;
}

std::string points_text(const stats::ChangePoints& found, const SeriesText& series, const TextStyle& style) {
  if (found.points.empty()) return fmt::format("no change in {} values\n", series.values.size());
  TextTable table(
      {{"index", true}, {"before", true}, {"after", true}, {"change", true}, {"confidence", true}, {"time"}});
  for (const auto& point : found.points) {
    const std::string change =
        std::isfinite(point.relative()) ? fmt::format("{:+.2f} %", 100 * point.relative()) : "from 0";
    const std::string sure = point.p == 0     ? "exact"
                             : point.p < 1e-4 ? "> 99.99 %"
                                              : fmt::format("{:.2f} %", 100 * (1 - point.p));
    table.row({{fmt::to_string(series.positions[point.index])},
               {fmt::format("{:.6g}", point.before)},
               {fmt::format("{:.6g}", point.after)},
               {change},
               {sure},
               {series.times.empty() ? "" : series.times[point.index]}});
  }
  return table.render(style);
}

Result<int> detect_rows(Context& context, const DetectFlags& flags, const std::string& text) {
  std::string_view rest = text;
  std::size_t count = 0;
  if (flags.json) context.print("[");
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const SeriesText series = parse_series_row(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (series.values.empty() && series.missing == 0) continue;
    if (count % 256 == 0) TRY(context.cancel.check());
    const auto found = TRY(points_of(series, flags));
    if (flags.json) {
      context.print(count == 0 ? "\n" : ",\n");
      context.print(dump_json(points_json(found, series)));
    } else if (!found.points.empty()) {
      context.print(fmt::format("series {}\n{}", count, points_text(found, series, text_style(context))));
    }
    ++count;
  }
  if (flags.json) context.print("\n]\n");
  if (!flags.json) context.print(fmt::format("{} series\n", count));
  return kExitMet;
}

Result<std::string> read_series_file(const std::string& file) {
  if (file != "-") {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return config_error("there is no such file", file);
    return read_file(file);
  }
  std::string text;
  char buffer[1 << 16];
  while (std::cin.read(buffer, sizeof buffer) || std::cin.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > kReadLimit) return config_error("more than 256 MiB on standard input");
  }
  return text;
}

Result<int> detect(Context& context, const DetectFlags& flags) {
  if (!(flags.level > 0 && flags.level < 1)) {
    return config_error(fmt::format("a level of {} is none", flags.level), "--level", "between 0 and 1, such as 0.01");
  }
  const std::string text = TRY(read_series_file(flags.file));
  if (flags.rows) return detect_rows(context, flags, text);
  const SeriesText series = TRY(parse_series(text, flags.column, flags.file == "-" ? "standard input" : flags.file));
  const stats::ChangePoints found = TRY(points_of(series, flags));
  for (const auto& warning : series.warnings) context.progress.note(warning);
  for (const auto& warning : found.warnings) context.progress.note(warning);
  context.print(flags.json ? dump_json(points_json(found, series), 2) + "\n"
                           : points_text(found, series, text_style(context)));
  return kExitMet;
}

}  // namespace

CommandSpec detect_command() {
  return {"detect", "Find where any series of numbers changed its level",
          "  aios-bench detect latency.csv\n  aios-bench detect --json - < values.txt\n  aios-bench detect --exact "
          "instructions.txt",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<DetectFlags>();
            set.add("FILE", flags->file, "One value a line, or columns time,value; - is standard input",
                    {.required = true});
            set.add("--json", flags->json,
                    "An array on standard output: index (from 0) of the first point of each new level, before, after, "
                    "magnitude, p, confidence");
            set.add("--column", flags->column, "The column of the values: its name or number", {.value = "NAME|N"});
            set.add("--level", flags->level, "How often pure noise may show a change",
                    {.value = "P", .show_default = true});
            set.add("--exact", flags->exact, "The values have no noise: every change is one");
            set.add("--fence", flags->fence, "With --exact: but for changes up to so many percent",
                    {.value = "PERCENT"});
            set.add("--rows", flags->rows, "Each line is a series; --json then gives an array of arrays");
            return [flags](Context& context) { return detect(context, *flags); };
          }};
}

}  // namespace aios
