// SPDX-License-Identifier: Apache-2.0
// The samples of a stored run as columns, read fast: <store>/cache/columns/<run> keeps what was read once from the
// bundle's lines, whose checksums held then. It is bound to the bundle by its seal and by size and time of
// samples.jsonl, has checksums of its own, and can be thrown away: whatever does not fit is read from the bundle again.
// A run without a seal has no such file.
#pragma once

#include <string>
#include <vector>

#include "harness/store/sample_columns.h"
#include "harness/store/store.h"
#include "harness/support/cancel.h"

namespace aios {

Result<SampleColumns> read_columns(const Store& store, const std::string& run, ColumnParts parts);

// `runs`: ids; a row's `run` is a place in them.
Result<SampleTable> read_sample_table(const Store& store, const std::vector<std::string>& runs, const RowChoice& choice,
                                      ColumnParts parts, const CancelToken& cancel);

}  // namespace aios
