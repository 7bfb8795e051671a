// SPDX-License-Identifier: Apache-2.0
// `detect` on what files really hold.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/support/files.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

class Detect : public ::testing::Test {
 protected:
  std::string file(const std::string& text) {
    const fs::path path = scratch_.path() / fmt::format("{}.txt", ++count_);
    EXPECT_TRUE(write_file_atomic(path, text).ok());
    return path.string();
  }
  static std::vector<std::size_t> indexes(const Json& points) {
    std::vector<std::size_t> out;
    for (const auto& point : points) out.push_back(point.at("index").get<std::size_t>());
    return out;
  }

 private:
  ScratchFolder scratch_ = ScratchFolder::create().value();
  int count_ = 0;
};

// A fixed pattern in place of noise: deviation about 1, no two neighbours equal.
double wobble(int i) { return ((i * 7919) % 101 - 50) / 29.0; }

TEST_F(Detect, TheFirstPointOfTheNewLevelCountedFromZero) {
  std::string text = "time,value\n";
  for (int i = 0; i < 100; ++i) text += fmt::format("{},{}\n", 1000 + i, (i >= 60 ? 110 : 100) + wobble(i));
  const Json points = bench_json({"detect", "--json", file(text)});
  ASSERT_EQ(points.size(), 1U);
  EXPECT_EQ(points[0].at("index"), 60);
  EXPECT_EQ(points[0].at("time"), "1060");
  EXPECT_NEAR(points[0].at("before").get<double>(), 100, 1);
  EXPECT_NEAR(points[0].at("after").get<double>(), 110, 1);
  EXPECT_NEAR(points[0].at("magnitude").get<double>(), 0.1, 0.02);
  EXPECT_GT(points[0].at("confidence").get<double>(), 0.99);
  const Captured table = bench({"detect", file(text)});
  EXPECT_THAT(table.out, HasSubstr("+10."));
}

TEST_F(Detect, MissingValuesKeepTheirPlace) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += i % 10 == 3 ? "nan\n" : fmt::format("{}\n", (i >= 40 ? 20 : 0) + wobble(i));
  EXPECT_EQ(indexes(bench_json({"detect", "--json", file(text)})), std::vector<std::size_t>{40});
}

TEST_F(Detect, NothingToFindIsAnEmptyArray) {
  for (const char* text : {"", "\n\n", "value\n", "5\n", "nan\nNaN\n", "5\n5\n5\n5\n5\n5\n5\n5\n5\n5\n", "1\n2\n3\n"}) {
    EXPECT_EQ(bench_json({"detect", "--json", file(text)}), Json::array()) << text;
  }
}

TEST_F(Detect, WindowsLinesQuotesSemicolonsAndColumns) {
  std::string text = "\xef\xbb\xbf\"day\";\"ms\";\"host\"\r\n";
  for (int i = 0; i < 40; ++i) text += fmt::format("\"{}\";\"{}\";\"a;b\"\r\n", i, (i >= 25 ? 50 : 10) + wobble(i));
  const std::string name = file(text);
  EXPECT_EQ(indexes(bench_json({"detect", "--json", "--column", "ms", name})), std::vector<std::size_t>{25});
  EXPECT_EQ(indexes(bench_json({"detect", "--json", "--column", "2", name})), std::vector<std::size_t>{25});
  const Captured wrong = bench({"detect", "--column", "sm", name});
  EXPECT_EQ(wrong.exit.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("day, ms, host"));
}

TEST_F(Detect, ExactSeriesHaveNoNoise) {
  const std::string name = file("323\n323\n323\n323\n324\n");
  EXPECT_EQ(indexes(bench_json({"detect", "--json", "--exact", name})), std::vector<std::size_t>{4});
  EXPECT_EQ(bench_json({"detect", "--json", "--exact", "--fence", "1", name}), Json::array());
}

TEST_F(Detect, ASeriesALine) {
  std::string text;
  for (int row = 0; row < 3; ++row) {
    for (int i = 0; i < 60; ++i) text += fmt::format("{},", (row == 1 && i >= 30 ? 20 : 10) + wobble(i + 13 * row));
    text += "\n";
  }
  const Json rows = bench_json({"detect", "--json", "--rows", file(text)});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_TRUE(rows[0].empty());
  EXPECT_EQ(indexes(rows[1]), std::vector<std::size_t>{30});
  EXPECT_TRUE(rows[2].empty());
}

TEST_F(Detect, WhatIsNoSeriesIsAUsageError) {
  EXPECT_EQ(bench({"detect", file("hello\nworld\n")}).exit.code, 2);
  EXPECT_EQ(bench({"detect", "no-such-file"}).exit.code, 2);
  EXPECT_EQ(bench({"detect", "--level", "2", file("1\n")}).exit.code, 2);
}

}  // namespace
}  // namespace aios
