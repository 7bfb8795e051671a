// SPDX-License-Identifier: Apache-2.0
// How the iterations inside a boot are spread: five quantiles of one sample, and how often each value came in one
// sample a run, in bins that the runs share.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/model/metric.h"

namespace aios {

// 1 %, 25 %, 50 %, 75 %, 99 %. nullopt where there are no iterations to tell of.
std::optional<std::array<double, 5>> iteration_quantiles(const Sample& sample);

struct IterationSpread {
  std::vector<double> values;                     // each value that came; empty: there are too many, see low and step
  double low = 0, step = 0;                       // bin k holds low + k*step up to the next
  std::vector<std::vector<std::int64_t>> counts;  // a list a sample, an entry a value or bin
};

// A null sample has no counts. nullopt where no sample has two different iterations.
std::optional<IterationSpread> iteration_spread(const std::vector<const Sample*>& samples);

}  // namespace aios
