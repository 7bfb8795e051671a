// SPDX-License-Identifier: Apache-2.0
// The stacks that the flame graphs of one explained metric are drawn from: each side's, and both together.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/explain.h"

namespace aios {

struct ExplainedGraphs {
  std::string metric;
  std::vector<FoldedStack> first, second, both;
};

}  // namespace aios
