// SPDX-License-Identifier: Apache-2.0
#include "reports/timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/support/text.h"
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

constexpr std::size_t kShown = 15;    // initcalls in the first table
constexpr std::size_t kAtMost = 300;  // and in the second
constexpr std::size_t kColours = 12;  // --p0 to --p11 of the style sheet

struct RunTimeline {
  std::string subject;
  BootTimeline timeline;
};

std::string instructions_text(std::int64_t count) {
  return format_value(static_cast<double>(count), Unit::instructions);
}

// Rows by name in the first run's order, a column a run.
struct NamedRow {
  std::string name;
  std::map<std::size_t, std::int64_t> of_run;
};

std::vector<NamedRow> merge(const std::vector<RunTimeline>& runs, std::vector<Stretch> BootTimeline::*part) {
  std::vector<NamedRow> rows;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (const Stretch& stretch : runs[i].timeline.*part) {
      const auto [place, fresh] = places.emplace(stretch.name, rows.size());
      if (fresh) rows.push_back({stretch.name, {}});
      rows[place->second].of_run[i] += stretch.instructions;
    }
  }
  return rows;
}

void stretch_table(Html& html, std::string_view caption, std::string_view what, const std::vector<RunTimeline>& runs,
                   const std::vector<NamedRow>& rows, bool swatches) {
  std::vector<Head> heads = {{std::string(what)}};
  for (const RunTimeline& run : runs) {
    heads.push_back({runs.size() > 1 ? run.subject : "Instructions", true});
    heads.push_back({"Share", true});
  }
  begin_table(html, caption, heads);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    html.open("tr").open("th", {{"scope", "row"}});
    if (swatches) {
      html.element("span", "", {{"class", fmt::format("swatch p{}", k % kColours)}, {"aria-hidden", "true"}});
      html.text(rows[k].name);
    } else {
      html.element("code", rows[k].name);
    }
    html.close();
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const auto found = rows[k].of_run.find(i);
      if (found == rows[k].of_run.end()) {
        html.element("td", "", {{"class", "num"}}).element("td", "");
        continue;
      }
      const double share =
          static_cast<double>(found->second) / static_cast<double>(std::max<std::int64_t>(runs[i].timeline.total, 1));
      number_cell(html, instructions_text(found->second));
      html.element("td", fmt::format("{:.1f} %", share * 100), {{"class", "num"}});
    }
    html.close();
  }
  end_table(html);
}

}  // namespace

Section timeline_section(const ReportModel& report) {
  Section section{"boot", "Boot", {}};
  std::vector<RunTimeline> runs;
  for (const RunRecord& run : report.runs) {
    BootTimeline timeline = boot_timeline(run);
    if (timeline.total > 0) runs.push_back({run.subject, std::move(timeline)});
  }
  if (runs.empty()) return section;

  Html& html = section.body;
  html.element("p", "From power-on until the guest takes orders, in instructions executed. All bars have one scale.",
               {{"class", "lead"}});
  const std::vector<NamedRow> phases = merge(runs, &BootTimeline::phases);
  std::string caption = "The phases of the boot";
  for (const RunTimeline& run : runs)
    caption += fmt::format("; {}: {}", run.subject, instructions_text(run.timeline.total));
  chart_place(html, "phases", "", caption + ".");
  stretch_table(html, "Phases of the boot", "Phase", runs, phases, true);

  std::vector<NamedRow> calls = merge(runs, &BootTimeline::initcalls);
  std::stable_sort(calls.begin(), calls.end(), [](const NamedRow& a, const NamedRow& b) {
    const auto most = [](const NamedRow& row) {
      std::int64_t value = 0;
      for (const auto& [run, count] : row.of_run) value = std::max(value, count);
      return value;
    };
    return most(a) > most(b);
  });
  if (calls.empty()) return section;
  const std::size_t all_calls = calls.size();
  if (calls.size() > kAtMost) calls.resize(kAtMost);
  chart_place(html, "initcalls", "",
              fmt::format("The longest of {}, each until the next point.", plural(all_calls, "initcall")));
  const auto cut = calls.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, calls.size()));
  stretch_table(html, "Initcalls, the longest first", "Initcall", runs, {calls.begin(), cut}, false);
  if (cut != calls.end()) {
    html.open("details").element("summary", fmt::format("{} more initcalls", calls.end() - cut));
    stretch_table(html, "Further initcalls", "Initcall", runs, {cut, calls.end()}, false);
    html.close();
  }
  return section;
}

}  // namespace aios
