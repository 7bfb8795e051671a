// SPDX-License-Identifier: Apache-2.0
// The times of one operation, in order, in bounded memory: when it is full, neighbours are put together, and from then
// on each value is the mean of twice as many.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace aios::bench {

class Series {
 public:
  static constexpr std::size_t kMost = 512;

  void add(double value) {
    sum_ += value;
    if (++pending_ < merged_) return;
    values_[count_++] = sum_ / static_cast<double>(merged_);
    sum_ = 0;
    pending_ = 0;
    if (count_ == kMost) halve();
  }
  std::size_t size() const { return count_; }
  double operator[](std::size_t i) const { return values_[i]; }
  std::size_t merged() const { return merged_; }

  double median() const {
    if (count_ == 0) return 0;
    std::vector<double> sorted(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(count_));
    std::sort(sorted.begin(), sorted.end());
    return count_ % 2 == 1 ? sorted[count_ / 2] : (sorted[count_ / 2 - 1] + sorted[count_ / 2]) / 2;
  }

 private:
  void halve() {
    for (std::size_t i = 0; i < kMost / 2; ++i) values_[i] = (values_[2 * i] + values_[2 * i + 1]) / 2;
    count_ = kMost / 2;
    merged_ *= 2;
  }

  std::array<double, kMost> values_{};
  std::size_t count_ = 0, merged_ = 1, pending_ = 0;
  double sum_ = 0;
};

}  // namespace aios::bench
