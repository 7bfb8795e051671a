// SPDX-License-Identifier: Apache-2.0
// Deterministic metrics need no test: any change is a change. What they need is a fence, learned from what is known to
// be no change: two neighbours of a history (rustc-perf's rule: Q3 + 3 IQR of the relative changes, over the last 100),
// or null changes made on purpose (then the largest seen counts too). A history that never moved has the fence 0: one
// instruction more is one instruction more.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/result.h"

namespace aios::stats {

struct FenceOptions {
  int window = 100;          // the newest changes count
  int least = 50;            // fewer teach nothing
  double unlearned = 0.002;  // then this
  bool largest_too = false;  // every change is a null change: none of them may cross
};

struct NoiseFence {
  double relative = 0;  // a change up to here is noise
  int changes = 0;      // that it rests on
  bool learned = false;
  double largest = 0;  // the largest change among them
  std::vector<std::string> warnings;

  bool crossed_by(double relative_change) const;
};

// `history`: one value a revision, in order.
Result<NoiseFence> learn_fence(std::span<const double> history, const FenceOptions& options = {});
// `changes`: relative changes, each b/a - 1.
Result<NoiseFence> fence_of_changes(std::span<const double> changes, const FenceOptions& options = {});

// How much a change matters, in fences: 1.5, 3, 6, 12.
enum class Magnitude { none, very_small, small, medium, large, very_large };
Magnitude magnitude(const NoiseFence& fence, double relative_change);
std::string_view to_string(Magnitude magnitude);

}  // namespace aios::stats
