// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/benjamini_hochberg.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "harness/stats/random.h"

namespace aios::stats {
namespace {

// R: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.8), "BH")
TEST(BenjaminiHochberg, AKnownExample) {
  const std::vector<double> p = {0.01, 0.04, 0.03, 0.005, 0.8};
  const std::vector<double> known = {0.025, 0.05, 0.05, 0.025, 0.8};
  const auto q = benjamini_hochberg(p).value();
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_NEAR(q[i], known[i], 1e-15) << i;
}

TEST(BenjaminiHochberg, MonotoneAndNeverUnderP) {
  Random random(31);
  std::vector<double> p;
  for (int i = 0; i < 300; ++i) p.push_back(random.uniform() * random.uniform());
  const auto q = benjamini_hochberg(p).value();
  for (std::size_t i = 0; i < p.size(); ++i) {
    EXPECT_GE(q[i], p[i]);
    EXPECT_LE(q[i], 1);
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (p[i] <= p[j]) {
        EXPECT_LE(q[i], q[j]);
      }
    }
  }
}

// q <= level exactly for the tests that the step-up rule itself calls.
TEST(BenjaminiHochberg, CallsWhatTheStepUpRuleCalls) {
  Random random(32);
  for (int round = 0; round < 100; ++round) {
    std::vector<double> p;
    for (int i = 0; i < 40; ++i) p.push_back(i % 4 == 0 ? random.uniform() * 0.02 : random.uniform());
    const auto q = benjamini_hochberg(p).value();
    std::vector<double> ascending = p;
    std::sort(ascending.begin(), ascending.end());
    int called = 0;
    for (int i = 1; i <= 40; ++i) {
      if (ascending[static_cast<std::size_t>(i - 1)] <= 0.05 * i / 40) called = i;
    }
    EXPECT_EQ(std::count_if(q.begin(), q.end(), [](double value) { return value <= 0.05; }), called);
  }
}

TEST(BenjaminiHochberg, HoldsTheShareOfFalseAlarms) {
  Random random(33);
  double shares = 0;
  constexpr int kRuns = 400;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<double> p;
    for (int i = 0; i < 100; ++i) p.push_back(i < 20 ? random.uniform() * 1e-4 : random.uniform());
    const auto q = benjamini_hochberg(p).value();
    int called = 0, wrong = 0;
    for (std::size_t i = 0; i < q.size(); ++i) {
      if (q[i] > 0.05) continue;
      ++called;
      wrong += i >= 20 ? 1 : 0;
    }
    shares += called == 0 ? 0 : static_cast<double>(wrong) / called;
  }
  EXPECT_LT(shares / kRuns, 0.05);
  EXPECT_GT(shares / kRuns, 0.02);  // 80 of 100 are null: it spends what it has
}

TEST(BenjaminiHochberg, EdgesAndErrors) {
  EXPECT_TRUE(benjamini_hochberg({}).value().empty());
  const std::vector<double> one = {0.03};
  EXPECT_EQ(benjamini_hochberg(one).value().at(0), 0.03);
  const std::vector<double> ones = {1, 1, 1};
  EXPECT_EQ(benjamini_hochberg(ones).value(), ones);
  const std::vector<double> bad = {0.5, 1.5};
  EXPECT_EQ(benjamini_hochberg(bad).error().what, "p[1] is 1.5, no probability");
}

}  // namespace
}  // namespace aios::stats
