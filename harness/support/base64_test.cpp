// SPDX-License-Identifier: Apache-2.0
#include "harness/support/base64.h"

#include <gtest/gtest.h>

namespace aios {
namespace {

TEST(Base64, IsTheRfcs) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(std::string_view("\0\xff\x80", 3)), "AP+A");
}

TEST(Base64, PiecesJoinUnseen) {
  const std::string all = base64(std::string((std::size_t{3} << 20) + 4, 'a'));
  EXPECT_EQ(all.size(), (((std::size_t{3} << 20) + 4 + 2) / 3) * 4);
  EXPECT_EQ(all.find_first_of("=\n"), all.size() - 2);
  EXPECT_EQ(all.substr(0, all.size() - 8).find_first_not_of("YWFh"), std::string::npos);
}

}  // namespace
}  // namespace aios
