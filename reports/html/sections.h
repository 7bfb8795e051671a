// SPDX-License-Identifier: Apache-2.0
// The sections of the page, one function and one file each; `html.cpp` puts them in order. A section whose body is
// blank has nothing to say for this report and is left out, from the page and from its list of contents.
#pragma once

#include <string>

#include "reports/html/markup.h"
#include "reports/report_model.h"

namespace aios {

struct Section {
  std::string id, title;
  Html body;
};

Html first_screen(const ReportModel& report);
Section comparison_section(const ReportModel& report);
Section scenarios_section(const ReportModel& report);
Section history_section(const ReportModel& report);
Section timeline_section(const ReportModel& report);
Section why_section(const ReportModel& report);
Section claims_section(const ReportModel& report);
Section checks_section(const ReportModel& report);
Section audit_section(const ReportModel& report);
Section provenance_section(const ReportModel& report);
Section logs_section(const ReportModel& report);

}  // namespace aios
