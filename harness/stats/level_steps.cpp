// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/level_steps.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "harness/stats/sample_check.h"

namespace aios::stats {
namespace {

// A median that takes one value after the other.
class GrowingMedian {
 public:
  void add(double value) {
    (low_.empty() || value <= *low_.rbegin() ? low_ : high_).insert(value);
    if (low_.size() > high_.size() + 1) high_.insert(low_.extract(std::prev(low_.end())));
    if (high_.size() > low_.size()) low_.insert(high_.extract(high_.begin()));
  }
  double value() const {
    return low_.size() > high_.size() ? *low_.rbegin() : *low_.rbegin() + (*high_.begin() - *low_.rbegin()) / 2;
  }

 private:
  std::multiset<double> low_, high_;
};

}  // namespace

Result<std::vector<LevelStep>> level_steps(std::span<const double> values, double fence) {
  if (!(fence >= 0)) return config_error(fmt::format("{} is no fence", fence));
  std::vector<LevelStep> out;
  if (values.empty()) return out;
  TRY(check_sample(values, "the series"));
  GrowingMedian level;
  level.add(values[0]);
  for (std::size_t i = 1; i < values.size(); ++i) {
    const double before = level.value();
    if (std::fabs(values[i] - before) > fence * std::fabs(before)) {
      if (!out.empty()) out.back().after = before;
      out.push_back({i, before, values[i]});
      level = GrowingMedian();
    }
    level.add(values[i]);
  }
  if (!out.empty()) out.back().after = level.value();
  return out;
}

}  // namespace aios::stats
