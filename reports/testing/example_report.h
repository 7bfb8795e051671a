// SPDX-License-Identifier: Apache-2.0
// Reports made by hand for the tests: an ordinary one and one whose every text was written by an enemy.
#pragma once

#include "reports/report_model.h"

namespace aios::testing {

ConfigAudit example_audit();
ReportModel example_report();
ReportModel hostile_report();

}  // namespace aios::testing
