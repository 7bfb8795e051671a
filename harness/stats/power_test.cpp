// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/power.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "harness/stats/mann_whitney.h"
#include "harness/stats/random.h"
#include "harness/stats/signed_rank.h"

namespace aios::stats {
namespace {

// The smallest shift with 80 % power of the exact Mann-Whitney test on normal noise, simulated elsewhere.
TEST(Power, TheKnownTable) {
  const struct {
    int n;
    double at05, at01, at001;
  } known[] = {{5, 2.30, 3.10, 0},     {8, 1.55, 2.10, 2.89},  {10, 1.40, 1.77, 2.35},
               {20, 0.93, 1.17, 1.45}, {30, 0.75, 0.93, 1.14}, {50, 0.58, 0.71, 0.87}};
  for (const auto& row : known) {
    EXPECT_NEAR(detectable_shift(Design::two_samples, row.n, 0.05), row.at05, 0.05 * row.at05) << row.n;
    EXPECT_NEAR(detectable_shift(Design::two_samples, row.n, 0.01), row.at01, 0.05 * row.at01) << row.n;
    if (row.at001 > 0) {
      EXPECT_NEAR(detectable_shift(Design::two_samples, row.n, 0.001), row.at001, 0.05 * row.at001) << row.n;
    }
  }
  EXPECT_TRUE(std::isinf(detectable_shift(Design::two_samples, 5, 0.001)));
  EXPECT_TRUE(std::isinf(detectable_shift(Design::paired_blocks, 5, 0.05)));
}

TEST(Power, WhatItPredictsIsFound) {
  constexpr int kRounds = 2000;
  Random random(41);
  for (const int n : {8, 14}) {
    const double shift = detectable_shift(Design::paired_blocks, n, 0.05, 0.8);
    const double two = detectable_shift(Design::two_samples, n, 0.05, 0.8);
    int found = 0, found_two = 0;
    for (int round = 0; round < kRounds; ++round) {
      std::vector<double> differences, a, b;
      for (int i = 0; i < n; ++i) {
        differences.push_back(shift + random.normal());
        a.push_back(random.normal());
        b.push_back(two + random.normal());
      }
      found += signed_rank(differences).value().p <= 0.05 ? 1 : 0;
      found_two += mann_whitney(a, b).value().p <= 0.05 ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(found) / kRounds, 0.8, 0.04) << n;
    EXPECT_NEAR(static_cast<double>(found_two) / kRounds, 0.8, 0.04) << n;
  }
}

TEST(Power, OfAShiftIsTheOtherWayRound) {
  for (const Design design : {Design::two_samples, Design::paired_blocks}) {
    for (const int n : {9, 40, 120}) {
      const double shift = detectable_shift(design, n, 0.01, 0.9);
      EXPECT_NEAR(power_of_shift(design, n, 0.01, shift), 0.9, 0.005) << n;
      EXPECT_LT(power_of_shift(design, n, 0.01, shift / 2), 0.5);
    }
  }
  EXPECT_EQ(power_of_shift(Design::two_samples, 3, 0.05, 100), 0);
}

TEST(Power, BootsNeeded) {
  for (const Design design : {Design::two_samples, Design::paired_blocks}) {
    for (const double shift : {2.5, 0.8, 0.05}) {
      const int n = boots_needed(design, shift, 0.01, 0.8);
      ASSERT_GT(n, 1);
      EXPECT_LE(detectable_shift(design, n, 0.01), shift);
      EXPECT_GT(detectable_shift(design, n - 1, 0.01), shift);
    }
  }
  EXPECT_EQ(boots_needed(Design::two_samples, 100, 0.05, 0.8), 4);  // no shift is seen with fewer
  EXPECT_EQ(boots_needed(Design::paired_blocks, 100, 0.05, 0.8), 6);
  EXPECT_EQ(boots_needed(Design::two_samples, 0, 0.05), 0);
  EXPECT_EQ(boots_needed(Design::two_samples, 0.5, 0.01, 0.8, 20), 0);
}

TEST(Power, TheFormulaMeetsTheSimulation) {
  for (const Design design : {Design::two_samples, Design::paired_blocks}) {
    for (const double alpha : {0.05, 0.01}) {
      EXPECT_NEAR(planned_shift(design, 50, alpha, 0.8) / detectable_shift(design, 50, alpha, 0.8), 1, 0.04);
    }
  }
}

}  // namespace
}  // namespace aios::stats
