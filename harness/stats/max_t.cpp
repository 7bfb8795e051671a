// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/max_t.h"

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <iterator>
#include <limits>

namespace aios::stats {
namespace {

constexpr std::array kLevels = {0.5, 0.2, 0.1, 0.05, 0.01, 0.001, 0.0001};

struct MaxTRow {
  int n;
  std::array<double, kLevels.size()> critical;
};

// 8 million series of normal noise each up to n = 8, 1.5 million at 200, 100,000 at 5,000. max_t_test.cpp has the
// simulation.
constexpr MaxTRow kMaxT[] = {
    {6, {0.741, 1.533, 2.132, 2.776, 4.611, 8.612, 15.642}},
    {7, {1.037, 1.848, 2.454, 3.089, 4.761, 7.972, 12.882}},
    {8, {1.204, 2.002, 2.583, 3.176, 4.672, 7.327, 11.122}},
    {10, {1.395, 2.149, 2.677, 3.197, 4.436, 6.436, 8.859}},
    {12, {1.502, 2.220, 2.707, 3.175, 4.258, 5.913, 7.847}},
    {16, {1.625, 2.291, 2.726, 3.137, 4.048, 5.350, 6.779}},
    {20, {1.697, 2.331, 2.737, 3.114, 3.933, 5.062, 6.208}},
    {30, {1.798, 2.387, 2.755, 3.089, 3.794, 4.721, 5.638}},
    {40, {1.855, 2.422, 2.770, 3.085, 3.740, 4.585, 5.365}},
    {50, {1.896, 2.449, 2.786, 3.089, 3.717, 4.508, 5.224}},
    {75, {1.960, 2.493, 2.815, 3.100, 3.682, 4.406, 5.062}},
    {100, {2.002, 2.524, 2.837, 3.115, 3.676, 4.363, 4.974}},
    {150, {2.056, 2.567, 2.870, 3.140, 3.686, 4.348, 4.945}},
    {200, {2.091, 2.595, 2.893, 3.158, 3.690, 4.338, 4.875}},
    {300, {2.136, 2.632, 2.925, 3.182, 3.707, 4.322, 4.855}},
    {500, {2.189, 2.676, 2.965, 3.221, 3.728, 4.348, 4.869}},
    {1000, {2.254, 2.733, 3.019, 3.267, 3.760, 4.356, 4.884}},
    {2000, {2.312, 2.784, 3.059, 3.304, 3.793, 4.391, 4.955}},
    {5000, {2.380, 2.848, 3.123, 3.366, 3.852, 4.456, 4.989}},
};

constexpr int kLastN = std::end(kMaxT)[-1].n;

// The critical values of n, linear in ln n between the rows.
std::array<double, kLevels.size()> critical_values(std::size_t n) {
  const auto size = std::clamp(static_cast<int>(std::min<std::size_t>(n, kLastN)), kMaxT[0].n, kLastN);
  const MaxTRow* above =
      std::find_if(std::begin(kMaxT), std::end(kMaxT), [&](const MaxTRow& row) { return row.n >= size; });
  if (above->n == size) return above->critical;
  const MaxTRow* below = above - 1;
  const double part =
      std::log(static_cast<double>(size) / below->n) / std::log(static_cast<double>(above->n) / below->n);
  std::array<double, kLevels.size()> out{};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = below->critical[i] + part * (above->critical[i] - below->critical[i]);
  }
  return out;
}

double student_tail(double t, double freedom) {
  using boost::math::complement;
  return 2 * boost::math::cdf(complement(boost::math::students_t(freedom), t));
}

// Longer series than the table's: the chance of a given t grows with the logarithm of the length (Miller and Siegmund).
double growth_past_table(std::size_t n, double t) {
  if (n <= static_cast<std::size_t>(kLastN)) return 1;
  const double b = std::max(t, 1.5);
  const auto spread = [&](double size) {
    const double least = kLeastSide;
    return (b - 1 / b) * 2 * std::log((size - least) / least) + 4 / b;
  };
  return spread(static_cast<double>(n)) / spread(kLastN);
}

}  // namespace

double max_t_p(std::size_t n, double t) {
  if (n < 2 * kLeastSide || !(t > 0)) return 1;
  if (std::isinf(t)) return 0;
  const auto critical = critical_values(n);
  if (t < critical.front()) return 1;  // more than one noise series in two has as much: nothing to tell apart
  const double growth = growth_past_table(n, t);
  if (t <= critical.back()) {
    const auto above = static_cast<std::size_t>(
        std::find_if(critical.begin(), critical.end(), [&](double value) { return value >= t; }) - critical.begin());
    if (above == 0) return std::min(1.0, growth * kLevels[0]);
    const double low = critical[above - 1];
    const double part = (t * t - low * low) / (critical[above] * critical[above] - low * low);
    return std::min(1.0, growth * kLevels[above - 1] * std::pow(kLevels[above] / kLevels[above - 1], part));
  }
  // Of one split the tail is Student's; the number of splits that count as independent grows with t squared at most,
  // and there are never more than there are.
  const double freedom = static_cast<double>(n) - 2;
  const double tail = student_tail(t, freedom);
  const double last = critical.back();
  const double from_table = kLevels.back() * tail / student_tail(last, freedom) * (t / last) * (t / last);
  const double all_splits = (static_cast<double>(n) - 2 * kLeastSide + 1) * tail;
  return std::min({1.0, growth * from_table, all_splits});
}

double max_t_critical(std::size_t n, double level) {
  double low = 0;
  double high = 1e6;
  for (int step = 0; step < 100; ++step) {
    const double middle = (low + high) / 2;
    (max_t_p(n, middle) > level ? low : high) = middle;
  }
  return high;
}

Split best_split(std::span<const double> values) {
  Split out;
  const std::size_t n = values.size();
  if (n < 2 * kLeastSide) return out;
  const auto all = static_cast<double>(n);
  double mean = 0;
  for (const double value : values) mean += value;
  mean /= all;
  // The sum of squares between the parts is largest where t is, whatever the rest.
  double best = 0, sum = 0;
  for (std::size_t i = 0; i + kLeastSide < n; ++i) {
    sum += values[i] - mean;
    const std::size_t count = i + 1;
    const auto left = static_cast<double>(count);
    const double between = sum * sum / (left * (all - left));
    if (between > best && count >= kLeastSide) {
      best = between;
      out.index = count;
    }
  }
  return out.index == 0 ? out : split_at(values, out.index);
}

Split split_at(std::span<const double> values, std::size_t index) {
  Split out;
  out.index = index;
  const std::span<const double> left = values.first(index);
  const std::span<const double> right = values.subspan(index);
  const auto mean_of = [](std::span<const double> part) {
    double total = 0;
    for (const double value : part) total += value;
    return total / static_cast<double>(part.size());
  };
  const auto squares = [](std::span<const double> part, double about) {
    double total = 0;
    for (const double value : part) total += (value - about) * (value - about);
    return total;
  };
  out.before = mean_of(left);
  out.after = mean_of(right);
  const double within = squares(left, out.before) + squares(right, out.after);
  const double step = std::fabs(out.after - out.before);
  const double variance = within / std::max(static_cast<double>(values.size()) - 2, 1.0) *
                          (1 / static_cast<double>(left.size()) + 1 / static_cast<double>(right.size()));
  // What rounding leaves of equal values is no variation.
  const double rounding = 1e-12 * std::max(std::fabs(out.before), std::fabs(out.after));
  if (step <= rounding) {
    out.t = 0;
  } else if (variance <= rounding * rounding) {
    out.t = std::numeric_limits<double>::infinity();
  } else {
    out.t = step / std::sqrt(variance);
  }
  return out;
}

}  // namespace aios::stats
