// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/counts.h"

#include <gmock/gmock.h>

namespace aios {
namespace {

using testing::HasSubstr;

constexpr std::string_view kHeader =
    R"({"type":"header","schema":1,"classes":["instructions","rep_iterations","iret"]})"
    "\n";

std::string with_header(std::string_view lines) { return std::string(kHeader) + std::string(lines); }

TEST(Counts, ReadsARegion) {
  const auto counts = parse_counts(
      with_header(R"({"type":"region","number":3,"tag":7,"complete":true,"iterations":3,"kept":3,"truncated":false,)"
                  R"("begin":[1,2,3],"total":[40,5,1],"sum":[30,5,1],"median":[9,0,0],"min":[8,0,0],"max":[13,5,1],)"
                  R"("quiet_rule":"iret","quiet_value":0,"quiet_iterations":2,"interrupted_iterations":1,)"
                  R"("quiet_median":[8,0,0],"quiet_sum":[17,0,0],"runs":[[2,9,0,0],[1,13,5,1]]})"
                  "\n"),
      "f");
  ASSERT_TRUE(counts.ok()) << counts.error().describe();
  const RegionCounts* region = counts->find_region(7);
  ASSERT_NE(region, nullptr);
  EXPECT_EQ(region->number, 3);
  EXPECT_EQ(region->total.instructions(), 40);
  EXPECT_EQ((*region->max)[CountClass::rep_iterations], 5);
  EXPECT_EQ(region->quiet_median->instructions(), 8);
  EXPECT_FALSE(region->median.value()[CountClass::mmio].has_value()) << "not counted is not zero";
  ASSERT_EQ(region->runs.size(), 2U);
  EXPECT_TRUE(region->runs[1].interrupted);
  EXPECT_FALSE(counts->end.has_value());
}

TEST(Counts, ARegionWithoutIterationsHasNoMedian) {
  const auto counts = parse_counts(
      with_header(R"({"type":"region","number":0,"tag":0,"complete":false,"iterations":0,"kept":0,"truncated":false,)"
                  R"("begin":[0,0,0],"total":[40,5,1],"sum":[0,0,0]})"
                  "\n"),
      "f");
  ASSERT_TRUE(counts.ok()) << counts.error().describe();
  EXPECT_FALSE(counts->regions.at(0).median.has_value());
  EXPECT_FALSE(counts->regions.at(0).complete);
}

TEST(Counts, ReadsTheTimelineAndTheEnd) {
  const auto counts = parse_counts(
      with_header("{\"type\":\"point\",\"id\":4,\"at\":[10,0,0]}\n"
                  "{\"type\":\"watch\",\"name\":\"start_kernel\",\"address\":\"0xffffffff81000000\",\"at\":[5,0,0]}\n"
                  "{\"type\":\"end\",\"total\":[99,1,2],\"regions\":1,\"points\":1,\"watches\":1,\"blocks\":5,"
                  "\"dropped_lines\":0,\"mark_errors\":{\"region_not_ended\":2,\"region_not_begun\":0}}\n"),
      "f");
  ASSERT_TRUE(counts.ok()) << counts.error().describe();
  EXPECT_EQ(counts->find_point(4)->at.instructions(), 10);
  EXPECT_EQ(counts->find_point(5), nullptr);
  EXPECT_EQ(counts->watched.at(0).address, 0xffffffff81000000U);
  EXPECT_EQ(counts->end->total.instructions(), 99);
  EXPECT_THAT(counts->end->mark_errors, testing::ElementsAre(testing::Pair("region_not_ended", 2)));
}

TEST(Counts, AHalfWrittenLastLineIsLeftOut) {
  const auto counts = parse_counts(with_header("{\"type\":\"point\",\"id\":4,\"at\":[10,0,0]}\n{\"type\":\"poi"), "f");
  ASSERT_TRUE(counts.ok()) << counts.error().describe();
  EXPECT_EQ(counts->points.size(), 1U);
}

TEST(Counts, WhatDoesNotFitIsAnErrorThatNamesTheLine) {
  for (const std::string& text :
       {std::string(), with_header("{\"type\":\"point\",\"id\":4,\"at\":[10,0]}\n"),
        with_header("{\"type\":\"point\"\n"), with_header("{\"type\":\"region\",\"number\":0}\n"),
        std::string("{\"type\":\"header\",\"schema\":2}\n"),
        std::string("{\"type\":\"header\",\"schema\":1,\"classes\":[\"warp\"]}\n"), std::string("[]\n"),
        with_header("{\"type\":\"end\",\"total\":[1,2,\"3\"]}\n")}) {
    const auto counts = parse_counts(text, "the-file");
    ASSERT_FALSE(counts.ok()) << text;
    EXPECT_EQ(counts.error().kind, ErrorKind::infra_fault);
    EXPECT_THAT(counts.error().describe(), HasSubstr("the-file"));
  }
}

}  // namespace
}  // namespace aios
