// SPDX-License-Identifier: Apache-2.0
// Timed results in Google Benchmark's JSON, so that its compare.py reads two of them. A repetition is a boot. That
// format knows times only: what is no time (instruction counts, sizes, checks) is left out, never called nanoseconds.
#pragma once

#include <cstddef>
#include <string>

#include "harness/model/run_record.h"

namespace aios {

struct GoogleBenchmarkJson {
  std::string text;
  std::size_t entries = 0;
  std::size_t left_out = 0;  // metrics that are no time
};

GoogleBenchmarkJson export_google_benchmark(const RunRecord& run);

}  // namespace aios
