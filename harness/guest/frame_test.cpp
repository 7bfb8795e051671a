// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/frame.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "harness/support/hash.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

std::string text(const auto& frame) { return std::string(frame.data(), frame.size()); }

TEST(Frame, IsOneLineWithLengthAndChecksum) {
  wire::Frame<256> frame("ready");
  ASSERT_TRUE(frame.finish());
  const std::string body = R"({"t":"ready"})";
  EXPECT_EQ(text(frame), fmt::format("\n@AB1 {} {:08x} {}\n", body.size(), crc32(body), body));
}

TEST(Frame, ChecksumIsZlibs) {
  std::string bytes;
  for (int i = 0; i < 600; ++i) {
    EXPECT_EQ(wire::crc32(bytes.data(), bytes.size()), crc32(bytes));
    bytes += static_cast<char>(i * 7);
  }
}

TEST(Frame, EscapesWhatATerminalOrAReaderCouldTrip) {
  wire::Frame<512> frame("log");
  const std::string hostile = "a\"b\\c\n\t\x01\x7f\xc3\xa4@AB1 5";
  frame.text("text", hostile.c_str());
  ASSERT_TRUE(frame.finish());
  const std::string line = text(frame);
  EXPECT_EQ(line.find('@', 2), std::string::npos);
  for (const char c : line.substr(1, line.size() - 2)) EXPECT_TRUE(c >= 0x20 && c < 0x7f);
  const auto parsed = parse_json(line.substr(line.find('{')), "test");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ((*parsed)["text"], "a\"b\\c\n\t\x01\x7f\u00c3\u00a4@AB1 5");
}

TEST(Frame, NumbersReadBack) {
  for (const double value :
       {0.0, 1.0, -3.0, 9007199254740991.0, 0.1, 12.75, -1234.5678, 1e300, -2.5e-300, 3.3e9, 1e18, 0.999999999999}) {
    wire::Frame<128> frame("x");
    frame.number("v", value);
    ASSERT_TRUE(frame.finish());
    const std::string line = text(frame);
    const auto parsed = parse_json(line.substr(line.find('{')), "test");
    ASSERT_TRUE(parsed.ok()) << line;
    EXPECT_NEAR((*parsed)["v"].get<double>(), value, std::abs(value) * 1e-8) << line;
  }
  wire::Frame<128> frame("x");
  frame.integer("least", INT64_MIN).integer("most", INT64_MAX);
  ASSERT_TRUE(frame.finish());
  EXPECT_THAT(text(frame), EndsWith("\"least\":-9223372036854775808,\"most\":9223372036854775807}\n"));
}

TEST(Frame, WhatIsNotANumberIsNull) {
  wire::Frame<128> frame("x");
  frame.number("a", 0.0 / 0.0 * 1.0).number("b", 1e308 * 10);
  ASSERT_TRUE(frame.finish());
  EXPECT_THAT(text(frame), EndsWith("\"a\":null,\"b\":null}\n"));
}

TEST(Frame, Runs) {
  wire::Frame<256> frame("sample");
  frame.open_runs("values").run(323, 9000).run(420, 1).close_runs().integer("n", 2);
  ASSERT_TRUE(frame.finish());
  EXPECT_THAT(text(frame), EndsWith("\"values\":[[323,9000],[420,1]],\"n\":2}\n"));
}

TEST(Frame, WholeOrNotAtAll) {
  for (std::size_t length = 0; length < 200; ++length) {
    wire::Frame<128> frame("log");
    frame.text("text", std::string(length, 'x').c_str());
    const bool sent = frame.finish();
    EXPECT_EQ(sent, length + std::string(R"({"t":"log","text":""})").size() <= 128) << length;
    if (sent) {
      EXPECT_THAT(text(frame), EndsWith("\"}\n"));
    } else {
      EXPECT_EQ(frame.size(), 0U);
    }
  }
}

TEST(Frame, StartsAnew) {
  wire::Frame<64> frame("log");
  frame.text("text", std::string(100, 'x').c_str());
  EXPECT_FALSE(frame.finish());
  frame.start("done");
  ASSERT_TRUE(frame.finish());
  EXPECT_THAT(text(frame), StartsWith("\n@AB1 12 "));
}

}  // namespace
}  // namespace aios
