// SPDX-License-Identifier: Apache-2.0
// Both sides of an explanation, and the explanation itself: what `explain` shows in its several ways.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/profiled_side.h"
#include "harness/judge/explain.h"

namespace aios {

struct ProfiledSides {
  ProfiledSide first, second;
};

struct ExplainRequest {
  std::string first, second;  // stored runs or subjects
  std::string metric;         // empty: all that both sides have
  RunFlags how;
  bool fresh = false;
};

// Reads what is stored with a profile, measures the rest. A config error where the flags ask for times.
Result<ProfiledSides> profiled_sides(const Context& context, Store& store, const ExplainRequest& request);
// `wanted`, or all that both sides have where it is empty.
Result<std::vector<std::string>> chosen_metrics(const ProfiledSides& sides, const std::string& wanted);
Result<Explanation> explanation_of(const ProfiledSides& sides, const std::vector<std::string>& metrics);

}  // namespace aios
