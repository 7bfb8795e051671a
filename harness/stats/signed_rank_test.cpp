// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/signed_rank.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "harness/stats/random.h"
#include "harness/stats/w_distribution.h"

namespace aios::stats {
namespace {

using ::testing::HasSubstr;

std::vector<double> paired_noise(Random& random, int n, double shift) {
  std::vector<double> out;
  for (int i = 0; i < n; ++i) out.push_back(shift + random.normal());
  return out;
}

TEST(WDistribution, SymmetricAndAllSigns) {
  for (int n = 1; n <= 20; ++n) {
    const WDistribution law = WDistribution::without_ties(n);
    const auto& ways = law.ways();
    ASSERT_EQ(ways.size(), static_cast<std::size_t>(n * (n + 1) + 1));
    EXPECT_EQ(std::accumulate(ways.begin(), ways.end(), 0.0L), std::ldexp(1.0L, n));
    for (std::size_t i = 0; i < ways.size(); ++i) EXPECT_EQ(ways[i], ways[ways.size() - 1 - i]);
  }
}

TEST(WDistribution, TheSmallestPOfEverySize) {
  for (int n = 1; n <= 30; ++n) {
    EXPECT_EQ(WDistribution::without_ties(n).smallest_two_sided(), smallest_paired_p(n)) << n;
  }
  EXPECT_EQ(smallest_paired_p(5), 0.0625);
  EXPECT_EQ(pairs_needed(0.05), 6);
  EXPECT_EQ(pairs_needed(0.01), 8);
  EXPECT_EQ(pairs_needed(0.001), 11);
}

// Every way to sign the ranks, one by one.
double enumerated_p(const std::vector<double>& ranks, double w) {
  const auto n = static_cast<unsigned>(ranks.size());
  const double top = std::accumulate(ranks.begin(), ranks.end(), 0.0);
  const double edge = std::min(w, top - w);
  int below = 0;
  for (unsigned signs = 0; signs < (1U << n); ++signs) {
    double sum = 0;
    for (unsigned i = 0; i < n; ++i) sum += (signs >> i & 1U) != 0 ? ranks[i] : 0;
    below += sum <= edge + 1e-9 ? 1 : 0;
  }
  return std::min(1.0, 2.0 * below / (1U << n));
}

TEST(WDistribution, WithTiesEqualsSigningEveryWay) {
  const std::vector<double> ranks = {1.5, 1.5, 3, 5, 5, 5, 7.5, 7.5, 9};
  const WDistribution law(ranks);
  for (double w = 0; w <= 45; w += 0.5) EXPECT_NEAR(law.two_sided(w), enumerated_p(ranks, w), 1e-15) << w;
}

// Hollander and Wolfe's depression data: W+ = 5 of 9 pairs, two-sided p = 0.0390625.
TEST(SignedRank, AKnownExample) {
  const std::vector<double> before = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  const std::vector<double> after = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  std::vector<double> differences;
  for (std::size_t i = 0; i < before.size(); ++i) differences.push_back(after[i] - before[i]);
  const SignedRank result = signed_rank(differences).value();
  EXPECT_EQ(result.w, 5);
  EXPECT_DOUBLE_EQ(result.p, 0.0390625);
  EXPECT_TRUE(result.exact);
  EXPECT_NEAR(walsh_shift(differences).value().value, -0.46, 1e-12);
}

TEST(SignedRank, MirroredDifferencesGiveTheSameP) {
  Random random(21);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> differences = paired_noise(random, 4 + round % 20, 0.4);
    const SignedRank plus = signed_rank(differences).value();
    for (double& value : differences) value = -3 * value;
    const SignedRank minus = signed_rank(differences).value();
    EXPECT_DOUBLE_EQ(plus.p, minus.p);
    EXPECT_DOUBLE_EQ(plus.w + minus.w, 0.5 * plus.pairs * (plus.pairs + 1));
  }
}

TEST(SignedRank, TheIntervalExcludesNoChangeExactlyWhenTheTestDoes) {
  Random random(22);
  int outside = 0;
  for (int round = 0; round < 600; ++round) {
    const auto differences = paired_noise(random, 5 + round % 16, (round % 3) * 0.6);
    for (const double confidence : {0.9, 0.95, 0.99}) {
      const double p = signed_rank(differences).value().p;
      const Interval interval = walsh_shift(differences, confidence).value().interval;
      EXPECT_EQ(!interval.contains(0), p <= 1 - confidence + 1e-12) << p;
      outside += interval.contains(0) ? 0 : 1;
    }
  }
  EXPECT_GT(outside, 200);
}

TEST(SignedRank, CoversTheTruthAsOftenAsItSays) {
  Random random(23);
  int covered = 0;
  constexpr int kRounds = 3000;
  double attained = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Interval interval = walsh_shift(paired_noise(random, 10, 3)).value().interval;
    covered += interval.contains(3) ? 1 : 0;
    attained = interval.attained;
  }
  EXPECT_GE(attained, 0.95);
  EXPECT_NEAR(static_cast<double>(covered) / kRounds, attained, 0.012);
}

TEST(SignedRank, DriftOfBothSidesGoesOut) {
  Random random(24);
  std::vector<double> first, second;
  for (int block = 0; block < 12; ++block) {
    const double drift = 100 + 5 * block;
    first.push_back(drift * (1 + 0.002 * random.normal()));
    second.push_back(drift * 1.03 * (1 + 0.002 * random.normal()));
  }
  const Estimate ratio = walsh_ratio(first, second).value();
  EXPECT_NEAR(ratio.value, 1.03, 0.003);
  EXPECT_GT(ratio.interval.low, 1.025);
  EXPECT_LT(ratio.interval.high, 1.035);
}

TEST(SignedRank, EqualPairsSpeakForNeitherSide) {
  const std::vector<double> all_equal(8, 0.0);
  const SignedRank none = signed_rank(all_equal).value();
  EXPECT_EQ(none.p, 1);
  EXPECT_THAT(none.warnings.at(0), HasSubstr("no variation"));
  const std::vector<double> some = {0, 0, 1, 2, 3, 4, 5, 6};
  const SignedRank six = signed_rank(some).value();
  EXPECT_EQ(six.zeros, 2);
  EXPECT_DOUBLE_EQ(six.p, 2.0 / 64);
}

TEST(SignedRank, TooFewPairsSaySo) {
  const std::vector<double> five = {1, 2, 3, 4, 5};
  EXPECT_THAT(signed_rank(five).value().warnings.at(0), HasSubstr("6 can"));
  const Estimate estimate = walsh_shift(five).value();
  EXPECT_FALSE(estimate.interval.bounded());
  EXPECT_THAT(estimate.interval.warnings.at(0), HasSubstr("6 are needed"));
  EXPECT_EQ(estimate.value, 3);
}

TEST(SignedRank, ManyPairsUseTheApproximationAndAgreeWithTheExactLaw) {
  Random random(25);
  auto differences = paired_noise(random, kSignedRankExactLimit, 0.15);
  const SignedRank exact = signed_rank(differences).value();
  differences.push_back(differences.back() * 0.5);
  const SignedRank approximate = signed_rank(differences).value();
  EXPECT_TRUE(exact.exact);
  EXPECT_FALSE(approximate.exact);
  EXPECT_NEAR(std::log(approximate.p), std::log(exact.p), 0.15);
  EXPECT_NEAR(walsh_shift(differences).value().interval.attained, 0.95, 0.001);
}

TEST(SignedRank, BadValuesAreErrorsByName) {
  const std::vector<double> bad = {1, std::numeric_limits<double>::quiet_NaN()};
  EXPECT_THAT(signed_rank(bad).error().what, HasSubstr("the differences[1] is nan"));
  EXPECT_FALSE(walsh_shift({}).ok());
  const std::vector<double> two = {1, 2}, three = {1, 2, 3}, zero = {0, 1};
  EXPECT_THAT(walsh_ratio(two, three).error().what, HasSubstr("no pairs"));
  EXPECT_THAT(walsh_ratio(two, zero).error().what, HasSubstr("the second sample[0] is 0"));
}

}  // namespace
}  // namespace aios::stats
