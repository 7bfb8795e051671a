// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/budget.h"

#include <gtest/gtest.h>

namespace aios {
namespace {

TEST(Budget, AsAPersonWritesIt) {
  EXPECT_EQ(parse_budget("90s", "--budget").value(), 90);
  EXPECT_EQ(parse_budget("10m", "--budget").value(), 600);
  EXPECT_EQ(parse_budget("1h30m", "--budget").value(), 5400);
  EXPECT_EQ(parse_budget("45", "--budget").value(), 45);
}

TEST(Budget, WhatIsNoTimeIsRefusedWithAnExample) {
  for (const char* text : {"", "0", "m", "10x", "1h30", "-5m", "9999999999s", "999d", "1.5h"}) {
    const auto budget = parse_budget(text, "--budget");
    ASSERT_FALSE(budget.ok()) << text;
    EXPECT_EQ(budget.error().kind, ErrorKind::config);
    EXPECT_EQ(budget.error().where, "--budget");
  }
}

TEST(Budget, AsItIsShown) {
  EXPECT_EQ(budget_text(12.4), "12 s");
  EXPECT_EQ(budget_text(245), "4m 05s");
  EXPECT_EQ(budget_text(5400), "1h 30m");
}

}  // namespace
}  // namespace aios
