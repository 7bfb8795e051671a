// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/variance_components.h"

#include <gtest/gtest.h>

#include "harness/stats/random.h"

namespace aios::stats {
namespace {

TEST(VarianceComponents, FoundAgain) {
  Random random(71);
  std::vector<std::vector<double>> boots;
  for (int boot = 0; boot < 600; ++boot) {
    const double level = 1e6 + 3 * random.normal();
    std::vector<double> iterations;
    for (int i = 0; i < 10; ++i) iterations.push_back(level + 2 * random.normal());
    boots.push_back(iterations);
  }
  const VarianceComponents components = variance_components(boots).value();
  EXPECT_NEAR(components.between_boots, 9, 1.2);
  EXPECT_NEAR(components.between_iterations, 4, 0.3);
  EXPECT_NEAR(components.iterations_a_boot, 10, 1e-9);
}

TEST(VarianceComponents, TheBestSplit) {
  // A boot of 3 s, an iteration of 0.05 s, as much variance in one as in the other.
  EXPECT_EQ(iterations_worth({1, 1, 10}, 3, 0.05), 8);
  EXPECT_EQ(iterations_worth({100, 1, 10}, 3, 0.05), 1);
  EXPECT_EQ(iterations_worth({0, 1, 10}, 3, 0.05, 500), 500);  // boots do not differ: one is enough
  EXPECT_EQ(iterations_worth({1, 0, 10}, 3, 0.05), 1);
}

TEST(VarianceComponents, NoDifferenceBetweenBootsIsNone) {
  const std::vector<std::vector<double>> boots = {{1, 2, 3}, {3, 2, 1}, {2, 1, 3}};
  const VarianceComponents components = variance_components(boots).value();
  EXPECT_EQ(components.between_boots, 0);
  EXPECT_DOUBLE_EQ(components.between_iterations, 1);
}

TEST(VarianceComponents, TooLittleIsAnError) {
  const std::vector<std::vector<double>> one = {{1, 2}};
  EXPECT_FALSE(variance_components(one).ok());
  const std::vector<std::vector<double>> single = {{1}, {2}};
  EXPECT_FALSE(variance_components(single).ok());
  const std::vector<std::vector<double>> empty = {{1, 2}, {}};
  EXPECT_EQ(variance_components(empty).error().what, "boot 1 has no values");
}

}  // namespace
}  // namespace aios::stats
