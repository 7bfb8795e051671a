// SPDX-License-Identifier: Apache-2.0
// Reports that use every section of the page: with a history, an explanation, distributions; one by an enemy, one with
// 10,000 samples. The browser's test and the pictures are made from them.
#pragma once

#include "reports/report_model.h"

namespace aios::testing {

ReportModel full_report();          // exact, two runs
ReportModel full_hostile_report();  // the same, and every text was written by an enemy
ReportModel large_report();         // timed, two runs of 50 metrics and 100 boots

}  // namespace aios::testing
