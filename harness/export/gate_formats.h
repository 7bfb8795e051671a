// SPDX-License-Identifier: Apache-2.0
// A gate's verdict for CI systems: JUnit XML, and annotations as GitHub (workflow commands) and GitLab (a code quality
// report) read them. Only what the kernel did is a failure; what the lab did is an error, what could not be decided is
// skipped. Text that came from a guest can neither end its element nor begin a command of its own.
#pragma once

#include <string>

#include "harness/judge/gate_report.h"

namespace aios {

std::string export_gate_junit(const GateReport& report);
// One line each: ::error, ::warning and, for the whole, ::notice.
std::string export_gate_github(const GateReport& report);
// A JSON array; an entry has a place in `file`, since GitLab shows nothing without one.
std::string export_gate_gitlab(const GateReport& report, const std::string& file);

}  // namespace aios
