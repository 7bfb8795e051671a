// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/hodges_lehmann.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "harness/stats/quantile.h"
#include "harness/stats/rank_cut.h"
#include "harness/stats/ranks.h"
#include "harness/stats/sample_check.h"
#include "harness/stats/u_distribution.h"

namespace aios::stats {
namespace {

constexpr std::size_t kMostPairs = 4'000'000;  // 32 MB; whoever has more has iterations, not boots

RankCut shift_cut(int n1, int n2, double alpha) {
  const long pairs = static_cast<long>(n1) * n2;
  if (std::max(n1, n2) <= kExactLimit) {
    const std::vector<long double> ways = u_arrangements(n1, n2);
    long double total = 0;
    for (const long double count : ways) total += count;
    long double sum = 0;
    long summed = -1;
    return find_rank_cut(pairs, alpha, [&](long u) {
      while (summed < u) sum += ways[static_cast<std::size_t>(++summed)];
      return static_cast<double>(sum / total);
    });
  }
  const double mean = static_cast<double>(pairs) / 2;
  const double deviation = std::sqrt(static_cast<double>(pairs) * (n1 + n2 + 1.0) / 12);
  return find_rank_cut(pairs, alpha, [&](long u) {
    return 0.5 * std::erfc((mean - static_cast<double>(u) - 0.5) / (deviation * std::sqrt(2.0)));
  });
}

bool any_ties(std::span<const double> x, std::span<const double> y) {
  std::vector<double> pooled(x.begin(), x.end());
  pooled.insert(pooled.end(), y.begin(), y.end());
  return rank(pooled).tied();
}

}  // namespace

Result<Estimate> hodges_lehmann_shift(std::span<const double> x, std::span<const double> y, double confidence) {
  TRY(check_sample(x, "the first sample"));
  TRY(check_sample(y, "the second sample"));
  if (!(confidence > 0 && confidence < 1)) return config_error(fmt::format("{} is no confidence", confidence));
  if (x.size() > kMostPairs / y.size()) {
    return config_error(fmt::format("{} x {} values are too many pairs", x.size(), y.size()), {},
                        "summarise each boot first: the boot is the sample");
  }
  std::vector<double> differences;
  differences.reserve(x.size() * y.size());
  for (const double a : x) {
    for (const double b : y) differences.push_back(b - a);
  }
  std::sort(differences.begin(), differences.end());

  Estimate out;
  out.value = quantile_of_sorted(differences, 0.5);
  out.interval.asked = confidence;
  const double alpha = 1 - confidence;
  const RankCut cut = shift_cut(static_cast<int>(x.size()), static_cast<int>(y.size()), alpha);
  if (cut.k == 0) {
    out.interval.warnings.push_back(
        fmt::format("{} against {} values bound nothing at {:.4g} %: the interval is infinite; {} a side are needed",
                    x.size(), y.size(), 100 * confidence, samples_needed(alpha)));
    return out;
  }
  out.interval.low = differences[static_cast<std::size_t>(cut.k - 1)];
  out.interval.high = differences[differences.size() - static_cast<std::size_t>(cut.k)];
  out.interval.attained = 1 - 2 * cut.tail;
  if (std::max(x.size(), y.size()) > static_cast<std::size_t>(kExactLimit)) {
    out.interval.warnings.emplace_back("normal approximation: too many values for the exact interval");
  }
  if (any_ties(x, y)) out.interval.warnings.emplace_back("ties: the interval is exact only without them");
  return out;
}

Result<Estimate> hodges_lehmann_ratio(std::span<const double> x, std::span<const double> y, double confidence) {
  TRY(check_positive(x, "the first sample"));
  TRY(check_positive(y, "the second sample"));
  const auto logs = [](std::span<const double> values) {
    std::vector<double> out;
    out.reserve(values.size());
    for (const double value : values) out.push_back(std::log(value));
    return out;
  };
  Estimate out = TRY(hodges_lehmann_shift(logs(x), logs(y), confidence));
  out.value = std::exp(out.value);
  out.interval.low = std::exp(out.interval.low);  // 0 where it was unbounded
  out.interval.high = std::exp(out.interval.high);
  return out;
}

}  // namespace aios::stats
