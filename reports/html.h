// SPDX-License-Identifier: Apache-2.0
// The report as one HTML page that needs nothing else: no network, light and dark, for screen, phone and paper. The
// tables say all of it; where scripts run, charts stand beside them (page/). The data is inside, as JSON, for whoever
// wants to compute.
#pragma once

#include <string>

#include "reports/report_model.h"

namespace aios {

// A page may be one of many in a folder: then it need not carry what they share.
struct PageOptions {
  std::string chart_library;  // address of the library's file; empty: the page carries it
  std::string home;           // address of the page that lists all; empty: it stands alone
};

std::string render_html(const ReportModel& report, const PageOptions& options = {});

}  // namespace aios
