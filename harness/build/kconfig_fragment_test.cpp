// SPDX-License-Identifier: Apache-2.0
#include "harness/build/kconfig_fragment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::HasSubstr;

TEST(Fragment, KeepsValueReasonAndPlace) {
  const auto requests =
      parse_fragment(
          "# heading\n\nCONFIG_SMP=y    # Multi-core support\n# CONFIG_BT is not set\nCONFIG_LSM=\"a # b\" # why\n",
          "doc")
          .value();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].name, "SMP");
  EXPECT_EQ(requests[0].value, "y");
  EXPECT_EQ(requests[0].reason, "Multi-core support");
  EXPECT_EQ(requests[0].line, 3);
  EXPECT_EQ(requests[1].value, "n");
  EXPECT_EQ(requests[2].value, "\"a # b\"");
  EXPECT_EQ(requests[2].reason, "why");
}

TEST(Fragment, RefusesWhatIsNoConfiguration) {
  for (const char* text :
       {"SMP=y\n", "CONFIG_SMP\n", "CONFIG_S-P=y\n", "CONFIG_X=\"open\n", "CONFIG_X=y z\n", "CONFIG_X=\n"}) {
    const auto parsed = parse_fragment(text, "doc");
    ASSERT_FALSE(parsed.ok()) << text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::config);
    EXPECT_EQ(parsed.error().where, "doc:1");
  }
}

TEST(Merge, LastWordWinsAndTheBaseKeepsTheRest) {
  const auto requests = parse_fragment("CONFIG_A=m\nCONFIG_B=n\nCONFIG_A=y\n", "f").value();
  EXPECT_EQ(merge_requests("# comment\nCONFIG_B=y\n# CONFIG_A is not set\nCONFIG_BB=3\n", requests),
            "CONFIG_BB=3\nCONFIG_A=y\n# CONFIG_B is not set\n");
}

TEST(DotConfig, WhatIsNotThereIsOff) {
  const auto values = parse_dot_config("CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_S=\"x\"\n");
  EXPECT_EQ(config_value(values, "A"), "y");
  EXPECT_EQ(config_value(values, "B"), "n");
  EXPECT_EQ(config_value(values, "S"), "\"x\"");
}

}  // namespace
}  // namespace aios
