// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/support/text.h"
#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

void terms_of(Html& html, const RunRecord& run) {
  const Provenance& provenance = run.provenance;
  html.open("dl", {{"class", "terms"}});
  term(html, "run", provenance.run);
  term(html, "made by", provenance.command_line);
  term(html, "started", provenance.started);
  term(html, "finished", provenance.finished);
  term(html, "label", run.label);
  term(html, "mode", run.mode);
  term(html, "scenarios", join(run.scenarios, ", "));
  term(html, "words appended", join(run.append, " "));
  for (const auto& [key, value] : run.sysctls) term(html, "sysctl " + key, value);
  for (const Perturbation& perturbation : run.perturbations) {
    if (perturbation.index != 0)
      term(html, fmt::format("perturbation {}", perturbation.index),
           fmt::format("{}: {}", perturbation.kind, perturbation.description));
  }
  for (const BootRecord& boot : run.boots) {
    for (const std::string& note : boot.notes) term(html, fmt::format("boot {}", boot.index), note);
  }
  for (const auto& [key, value] : run.inputs) term(html, key, value);
  term(html, "QEMU", provenance.qemu_version);
  term(html, "harness", provenance.harness_version);
  term(html, "host", provenance.host);
  term(html, "host's kernel", provenance.host_kernel);
  term(html, "host's processor", provenance.host_cpu);
  for (const auto& [key, value] : provenance.extra) term(html, key, value);
  for (const auto& [key, seconds] : provenance.wall_seconds)
    term(html, "seconds, " + key, fmt::format("{:.1f}", seconds));
  html.close();
}

}  // namespace

Section provenance_section(const ReportModel& report) {
  Section section{"provenance", "Provenance", {}};
  if (report.runs.empty()) return section;
  Html& html = section.body;
  html.element("p", "What it takes to repeat this. In exact mode the same inputs give the same numbers.",
               {{"class", "lead"}});
  std::vector<std::string> commands;
  for (auto run = report.runs.rbegin(); run != report.runs.rend(); ++run) {
    if (run->provenance.run.empty()) continue;
    commands.push_back("aios-bench run --repeat " + run->provenance.run);
  }
  if (report.runs.size() == 2 && !report.runs[0].provenance.run.empty()) {
    commands.push_back(
        fmt::format("aios-bench compare {} {}", report.runs[1].provenance.run, report.runs[0].provenance.run));
  }
  if (!commands.empty()) {
    html.open("pre", {{"class", "command"}, {"tabindex", "0"}, {"aria-label", "Commands that repeat this"}});
    for (const std::string& command : commands) html.text(command).newline();
    html.close();
  }
  for (const RunRecord& run : report.runs) {
    html.element("h3", run_title(run));
    terms_of(html, run);
  }
  return section;
}

}  // namespace aios
