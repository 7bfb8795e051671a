// SPDX-License-Identifier: Apache-2.0
// Test results that were made elsewhere (a board in a lab, kunit.py, kselftest's own runner) as a stored run: its
// checks are compared, reported and exported like those that were made here. Nothing was measured, and the run says so:
// its mode is "imported".
#pragma once

#include <string>

#include "harness/model/run_record.h"
#include "harness/store/store.h"

namespace aios {

inline constexpr char kImportedMode[] = "imported";

struct ImportedKtap {
  std::string text;   // the log, as it came
  std::string where;  // a file's name, for errors and provenance
  RunRecord head;     // subject, kernel, machine, label, provenance
};

// A config error where no KTAP is in it.
Result<RunRecord> import_ktap(Store& store, ImportedKtap from);

}  // namespace aios
