// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "reports/html/parts.h"
#include "reports/html/sections.h"
#include "reports/wording.h"

namespace aios {
namespace {

void log_block(Html& html, std::string_view title, const std::vector<std::string>& lines, std::size_t left_out,
               bool shown) {
  if (shown) {
    html.open("details", {{"open", "open"}});
  } else {
    html.open("details");
  }
  html.element("summary", title).open("pre", {{"tabindex", "0"}});
  if (left_out > 0)
    html.element("span", fmt::format("({} before these)", plural(left_out, "line")), {{"class", "note"}}).newline();
  for (const std::string& line : lines) html.text(line).newline();
  html.close().close();
}

}  // namespace

Section logs_section(const ReportModel& report) {
  Section section{"logs", "Console", {}};
  Html& html = section.body;
  const auto failed = [&](const RunRecord& run, int index) {
    for (const BootRecord& boot : run.boots) {
      if (boot.index == index) return !boot.ok;
    }
    return false;
  };
  for (const LogTail& tail : report.logs) {
    if (tail.run >= report.runs.size()) continue;
    const RunRecord& run = report.runs[tail.run];
    log_block(html, fmt::format("{}, boot {}: {}", run.subject, tail.boot, tail.name), tail.lines, tail.lines_left_out,
              failed(run, tail.boot));
  }
  for (const RunRecord& run : report.runs) {
    for (const BootRecord& boot : run.boots) {
      if (!boot.screen.empty())
        log_block(html, fmt::format("{}, boot {}: screen at the end", run.subject, boot.index), boot.screen, 0,
                  !boot.ok);
    }
  }
  return section;
}

}  // namespace aios
