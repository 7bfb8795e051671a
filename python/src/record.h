// SPDX-License-Identifier: Apache-2.0
// One run as Python sees it: its document, its table, its boot as stretches. Figures are the ones that reports show.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

#include "harness/model/run_record.h"

namespace aios::python {

// All but the samples, as `run --json` prints it.
std::string document_of(const RunRecord& run);
// A dict a metric: metric, scenario, unit, value, lowest, highest, boots, ...
pybind11::list table_of(const RunRecord& run);
// Stretches of the boot: {"boot", "total", "phases": [(name, instructions)], "initcalls": [...]}
pybind11::dict timeline_of(const RunRecord& run);

}  // namespace aios::python
