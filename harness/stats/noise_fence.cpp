// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/noise_fence.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/quantile.h"
#include "harness/stats/sample_check.h"

namespace aios::stats {

bool NoiseFence::crossed_by(double relative_change) const { return std::fabs(relative_change) > relative; }

Result<NoiseFence> fence_of_changes(std::span<const double> changes, const FenceOptions& options) {
  NoiseFence out;
  if (changes.empty()) {
    out.relative = options.unlearned;
    out.warnings.push_back(
        fmt::format("no change to learn from: the fence is the default, {:.4g} %", 100 * options.unlearned));
    return out;
  }
  TRY(check_sample(changes, "the changes"));
  const std::size_t kept = std::min(changes.size(), static_cast<std::size_t>(std::max(options.window, 1)));
  std::vector<double> sizes;
  for (const double change : changes.last(kept)) sizes.push_back(std::fabs(change));
  std::sort(sizes.begin(), sizes.end());
  out.changes = static_cast<int>(sizes.size());
  out.largest = sizes.back();
  if (out.changes < options.least) {
    out.relative = options.unlearned;
    out.warnings.push_back(fmt::format("{} changes teach no fence ({} would): the default, {:.4g} %", out.changes,
                                       options.least, 100 * options.unlearned));
    return out;
  }
  const double q1 = quantile_of_sorted(sizes, 0.25);
  const double q3 = quantile_of_sorted(sizes, 0.75);
  out.learned = true;
  out.relative = q3 + 3 * (q3 - q1);
  if (options.largest_too) out.relative = std::max(out.relative, out.largest);
  return out;
}

Result<NoiseFence> learn_fence(std::span<const double> history, const FenceOptions& options) {
  if (!history.empty()) TRY(check_sample(history, "the history"));
  std::vector<double> changes;
  int from_zero = 0;
  for (std::size_t i = 1; i < history.size(); ++i) {
    if (history[i] == history[i - 1]) {
      changes.push_back(0);
    } else if (history[i - 1] == 0) {
      ++from_zero;
    } else {
      changes.push_back(history[i] / history[i - 1] - 1);
    }
  }
  NoiseFence out = TRY(fence_of_changes(changes, options));
  if (from_zero > 0) out.warnings.push_back(fmt::format("{} changes from 0 have no ratio and are left out", from_zero));
  return out;
}

Magnitude magnitude(const NoiseFence& fence, double relative_change) {
  const double size = std::fabs(relative_change);
  if (size <= fence.relative) return Magnitude::none;
  if (fence.relative == 0) return Magnitude::very_large;
  const double fences = size / fence.relative;
  if (fences < 1.5) return Magnitude::very_small;
  if (fences < 3) return Magnitude::small;
  if (fences < 6) return Magnitude::medium;
  if (fences < 12) return Magnitude::large;
  return Magnitude::very_large;
}

std::string_view to_string(Magnitude magnitude) {
  switch (magnitude) {
    case Magnitude::none:
      return "none";
    case Magnitude::very_small:
      return "very small";
    case Magnitude::small:
      return "small";
    case Magnitude::medium:
      return "medium";
    case Magnitude::large:
      return "large";
    case Magnitude::very_large:
      return "very large";
  }
  return "none";
}

}  // namespace aios::stats
