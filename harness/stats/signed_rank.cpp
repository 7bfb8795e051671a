// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/signed_rank.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/quantile.h"
#include "harness/stats/rank_cut.h"
#include "harness/stats/ranks.h"
#include "harness/stats/sample_check.h"
#include "harness/stats/w_distribution.h"

namespace aios::stats {
namespace {

constexpr std::size_t kMostDifferences = 2000;  // 2,001,000 averages, 16 MB

double normal_signed_rank(double w, double n, const std::vector<int>& groups) {
  double ties = 0;
  for (const int size : groups) {
    const double t = size;
    ties += t * t * t - t;
  }
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - ties / 48;
  const double distance = std::max(0.0, std::fabs(w - n * (n + 1) / 4) - 0.5);
  return std::min(1.0, std::erfc(distance / std::sqrt(2 * variance)));
}

RankCut walsh_cut(int n, double alpha) {
  const long averages = static_cast<long>(n) * (n + 1) / 2;
  if (n <= kSignedRankExactLimit) {
    const WDistribution law = WDistribution::without_ties(n);
    const std::vector<long double>& ways = law.ways();  // by twice W: whole ranks have even places only
    const long double total = std::ldexp(1.0L, n);
    long double sum = 0;
    long summed = -1;
    return find_rank_cut(averages, alpha, [&](long w) {
      while (summed < w) sum += ways[2 * static_cast<std::size_t>(++summed)];
      return static_cast<double>(sum / total);
    });
  }
  const double mean = static_cast<double>(averages) / 2;
  const double deviation = std::sqrt(static_cast<double>(averages) * (2.0 * n + 1) / 12);
  return find_rank_cut(averages, alpha, [&](long w) {
    return 0.5 * std::erfc((mean - static_cast<double>(w) - 0.5) / (deviation * std::sqrt(2.0)));
  });
}

}  // namespace

Result<SignedRank> signed_rank(std::span<const double> differences) {
  TRY(check_sample(differences, "the differences"));
  std::vector<double> sizes;
  std::vector<bool> positive;
  for (const double difference : differences) {
    if (difference == 0) continue;
    sizes.push_back(std::fabs(difference));
    positive.push_back(difference > 0);
  }
  SignedRank out;
  out.pairs = static_cast<int>(sizes.size());
  out.zeros = static_cast<int>(differences.size() - sizes.size());
  if (sizes.empty()) {
    out.warnings.emplace_back("no variation: every pair is equal");
    return out;
  }
  const Ranks ranks = rank(sizes);
  out.tied = ranks.tied();
  for (std::size_t i = 0; i < sizes.size(); ++i) out.w += positive[i] ? ranks.ranks[i] : 0;
  if (out.pairs <= kSignedRankExactLimit) {
    const WDistribution law(ranks.ranks);
    out.p = law.two_sided(out.w);
    out.smallest_p = law.smallest_two_sided();
  } else {
    out.exact = false;
    out.p = normal_signed_rank(out.w, out.pairs, ranks.groups);
    out.smallest_p = smallest_paired_p(out.pairs);
    out.warnings.emplace_back("normal approximation: too many pairs for the exact test");
  }
  if (out.zeros > 0) out.warnings.push_back(fmt::format("{} pairs are equal and speak for neither side", out.zeros));
  if (out.smallest_p > 0.05) {
    out.warnings.push_back(fmt::format("{} pairs can never give p <= 0.05 (at best {:.3g}); {} can", out.pairs,
                                       out.smallest_p, pairs_needed(0.05)));
  }
  return out;
}

Result<Estimate> walsh_shift(std::span<const double> differences, double confidence) {
  TRY(check_sample(differences, "the differences"));
  if (!(confidence > 0 && confidence < 1)) return config_error(fmt::format("{} is no confidence", confidence));
  if (differences.size() > kMostDifferences) {
    return config_error(fmt::format("{} differences are too many pairs", differences.size()), {},
                        "summarise each boot first: the boot is the sample");
  }
  std::vector<double> averages;
  averages.reserve(differences.size() * (differences.size() + 1) / 2);
  for (std::size_t i = 0; i < differences.size(); ++i) {
    for (std::size_t j = i; j < differences.size(); ++j) {
      averages.push_back(i == j ? differences[i] : 0.5 * differences[i] + 0.5 * differences[j]);
    }
  }
  std::sort(averages.begin(), averages.end());

  Estimate out;
  out.value = quantile_of_sorted(averages, 0.5);
  out.interval.asked = confidence;
  const auto n = static_cast<int>(differences.size());
  const RankCut cut = walsh_cut(n, 1 - confidence);
  if (cut.k == 0) {
    out.interval.warnings.push_back(
        fmt::format("{} pairs bound nothing at {:.4g} %: the interval is infinite; {} are needed", n, 100 * confidence,
                    pairs_needed(1 - confidence)));
    return out;
  }
  out.interval.low = averages[static_cast<std::size_t>(cut.k - 1)];
  out.interval.high = averages[averages.size() - static_cast<std::size_t>(cut.k)];
  out.interval.attained = 1 - 2 * cut.tail;
  if (n > kSignedRankExactLimit) {
    out.interval.warnings.emplace_back("normal approximation: too many pairs for the exact interval");
  }
  if (rank(differences).tied()) out.interval.warnings.emplace_back("ties: the interval is exact only without them");
  return out;
}

Result<std::vector<double>> log_ratios(std::span<const double> first, std::span<const double> second) {
  TRY(check_positive(first, "the first sample"));
  TRY(check_positive(second, "the second sample"));
  if (first.size() != second.size()) {
    return config_error(fmt::format("{} against {} values are no pairs", first.size(), second.size()));
  }
  std::vector<double> out;
  out.reserve(first.size());
  for (std::size_t i = 0; i < first.size(); ++i) out.push_back(std::log(second[i]) - std::log(first[i]));
  return out;
}

Result<Estimate> walsh_ratio(std::span<const double> first, std::span<const double> second, double confidence) {
  Estimate out = TRY(walsh_shift(TRY(log_ratios(first, second)), confidence));
  out.value = std::exp(out.value);
  out.interval.low = std::exp(out.interval.low);  // 0 where it was unbounded
  out.interval.high = std::exp(out.interval.high);
  return out;
}

}  // namespace aios::stats
