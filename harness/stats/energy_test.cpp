// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/energy.h"

#include <gtest/gtest.h>

#include <cmath>

#include "harness/stats/random.h"

namespace aios::stats {
namespace {

// By the definition, pair by pair.
double divergence_by_definition(const std::vector<double>& z, std::size_t tau, std::size_t end) {
  double across = 0, before = 0, after = 0;
  for (std::size_t i = 0; i < end; ++i) {
    for (std::size_t j = i + 1; j < end; ++j) {
      (j < tau ? before : i >= tau ? after : across) += std::fabs(z[i] - z[j]);
    }
  }
  const auto n = static_cast<double>(tau), m = static_cast<double>(end - tau);
  double q = 2 / (n + m) * across;
  if (tau > 1) q -= 2 * m / ((n + m) * (n - 1)) * before;
  if (end - tau > 1) q -= 2 * n / ((n + m) * (m - 1)) * after;
  return q;
}

std::vector<double> stepped(Random& random, std::size_t n, std::size_t at, double step) {
  std::vector<double> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(random.normal() + (i >= at ? step : 0));
  return out;
}

TEST(Energy, TheTablesEqualTheDefinition) {
  Random random(91);
  for (int round = 0; round < 30; ++round) {
    const auto z = stepped(random, static_cast<std::size_t>(2 + round), static_cast<std::size_t>(1 + round / 2), 1);
    const EnergySplit best = *best_energy_split(z).value();
    double largest = -1e300;
    for (std::size_t tau = 1; tau < z.size(); ++tau) {
      for (std::size_t end = tau + 1; end <= z.size(); ++end) {
        largest = std::max(largest, divergence_by_definition(z, tau, end));
      }
    }
    EXPECT_NEAR(best.divergence, largest, 1e-9);
    EXPECT_NEAR(divergence_by_definition(z, best.index, best.end), largest, 1e-9);
  }
}

TEST(Energy, FindsTheStep) {
  Random random(92);
  int near = 0;
  for (int round = 0; round < 100; ++round) {
    const auto z = stepped(random, 50, 30, 4);
    near += std::llabs(static_cast<long long>(best_energy_split(z).value()->index) - 30) <= 1 ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(best_energy_cut(z, 3).value()->index), 30, 3);
  }
  EXPECT_GE(near, 95);
}

TEST(Energy, NeitherPlaceNorScaleMatters) {
  Random random(93);
  const auto z = stepped(random, 60, 25, 1.5);
  std::vector<double> other = z;
  for (double& value : other) value = 3.5 * value + 1e9;
  EXPECT_EQ(best_energy_split(z).value()->index, best_energy_split(other).value()->index);
  EXPECT_EQ(best_energy_split(z).value()->end, best_energy_split(other).value()->end);
  EXPECT_EQ(best_energy_cut(z).value()->index, best_energy_cut(other).value()->index);
}

TEST(Energy, TheVStatisticIsNeverNegative) {
  Random random(94);
  for (int round = 0; round < 200; ++round) {
    const auto z = stepped(random, static_cast<std::size_t>(2 + round % 20), 100, 0);
    EXPECT_GE(best_energy_cut(z).value()->divergence, -1e-12);
  }
}

TEST(Energy, EdgesAndErrors) {
  EXPECT_FALSE(best_energy_split(std::vector<double>{1}).value());
  EXPECT_FALSE(best_energy_cut(std::vector<double>{1, 2, 3}, 2).value());
  EXPECT_EQ(best_energy_split(std::vector<double>{1, 5}).value()->index, 1U);
  EXPECT_EQ(best_energy_split(std::vector<double>(10, 3.0)).value()->divergence, 0);
  EXPECT_FALSE(best_energy_split(std::vector<double>{1, NAN, 2}).ok());
  EXPECT_FALSE(best_energy_split(std::vector<double>(kEnergyLimit + 1, 0.0)).ok());
}

}  // namespace
}  // namespace aios::stats
