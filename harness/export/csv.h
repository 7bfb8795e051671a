// SPDX-License-Identifier: Apache-2.0
// Samples as CSV, a line a sample, for a spreadsheet or a data frame. A text that a spreadsheet would take for a
// formula is kept from being one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/run_record.h"

namespace aios {

// With a line of names on top. The distributions inside a boot are not in it: they are in the JSON of a run.
std::string export_csv(const std::vector<RunRecord>& runs);

// One field: quoted where it must be, harmless.
std::string csv_text(std::string_view text);

}  // namespace aios
