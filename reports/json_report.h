// SPDX-License-Identifier: Apache-2.0
// The report as one JSON document (schema: reports/schema/report.schema.json). What differs between two reports of the
// same inputs stands under "provenance", here and in each run; everything else is equal in exact mode. Only ASCII is
// written, so that it is harmless on a terminal too.
#pragma once

#include <string>

#include "reports/report_model.h"

namespace aios {

inline constexpr int kReportSchema = 1;

struct JsonOptions {
  int indent = 2;          // -1: one line
  bool iterations = true;  // false: the samples' distributions are left out, and the document says so
};

std::string render_json(const ReportModel& report, const JsonOptions& options = {});

}  // namespace aios
