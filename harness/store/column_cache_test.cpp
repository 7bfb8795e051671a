// SPDX-License-Identifier: Apache-2.0
#include "harness/store/column_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/store/testing/sample_run.h"

namespace aios {
namespace {

using ::testing::ElementsAre;

class ColumnCacheTest : public ::testing::Test {
 protected:
  ColumnCacheTest()
      : scratch_(std::move(ScratchFolder::create().value())), store_(Store::open(scratch_.path()).value()) {}

  // Two boots of three samples each, the last one with everything a sample can have.
  std::string sealed_run(const std::string& subject) {
    RunRecord run = testing::head(subject);
    RunBundle bundle = store_.create_run(run).value();
    auto samples = testing::samples(1);
    samples.back().minimum = 5;
    samples.back().counts = CountVector{};
    (*samples.back().counts)[CountClass::fence] = 2;
    samples.back().values = {{101, 9}, {150, 1}};
    samples.back().detail = "why";
    samples.back().skipped = true;
    EXPECT_TRUE(bundle.append_boot(testing::boot(0), testing::samples(0)).ok());
    EXPECT_TRUE(bundle.append_boot(testing::boot(1), samples).ok());
    run.outcome = "complete";
    EXPECT_TRUE(bundle.seal(run).ok());
    return bundle.id();
  }
  fs::path kept(const std::string& run) const { return store_.cache() / "columns" / run; }
  SampleTable table(const std::vector<std::string>& runs, const RowChoice& choice = {}) {
    const CancelToken cancel;
    return read_sample_table(store_, runs, choice, {true, true}, cancel).value();
  }

  ScratchFolder scratch_;
  Store store_;
};

TEST_F(ColumnCacheTest, WhatIsKeptIsWhatTheBundleSays) {
  const std::string run = sealed_run("aios");
  EXPECT_FALSE(fs::exists(kept(run)));
  for (int reading = 0; reading < 2; ++reading) {  // from the lines, then from the file
    const SampleColumns columns = read_columns(store_, run, {true, true}).value();
    EXPECT_TRUE(fs::exists(kept(run)));
    EXPECT_THAT(columns.value, ElementsAre(0, 1, 2, 100, 101, 102));
    EXPECT_THAT(columns.boot, ElementsAre(0, 0, 0, 1, 1, 1));
    EXPECT_THAT(columns.metric.words, ElementsAre("syscall.m0", "syscall.m1", "syscall.m2"));
    EXPECT_THAT(columns.metric.codes, ElementsAre(0, 1, 2, 0, 1, 2));
    EXPECT_THAT(columns.detail.words, ElementsAre("", "why"));
    EXPECT_THAT(columns.skipped, ElementsAre(0, 0, 0, 0, 0, 1));
    EXPECT_EQ(columns.minimum.back(), 5);
    EXPECT_TRUE(std::isnan(columns.minimum.front()) && std::isnan(columns.maximum.back()));
    const auto& fences = columns.counts[static_cast<std::size_t>(CountClass::fence)];
    EXPECT_EQ(fences.back(), 2);
    EXPECT_TRUE(std::isnan(fences.front()));
    EXPECT_THAT(columns.lengths, ElementsAre(0, 0, 0, 0, 0, 2));
    EXPECT_THAT(columns.iteration_value, ElementsAre(101, 150));
    EXPECT_THAT(columns.iteration_times, ElementsAre(9, 1));
  }
}

TEST_F(ColumnCacheTest, AnyDamageToTheFileIsFoundAndRepaired) {
  const std::string run = sealed_run("aios");
  const std::vector<double> values = table({run}).value;
  const std::string whole = read_file(kept(run)).value();
  for (std::size_t place = 0; place < whole.size(); place += 7) {
    std::string damaged = whole;
    damaged[place] = static_cast<char>(damaged[place] ^ 0x20);
    ASSERT_TRUE(write_file_atomic(kept(run), damaged).ok());
    ASSERT_EQ(table({run}).value, values) << place;
    ASSERT_EQ(read_file(kept(run)).value(), whole) << place;
  }
  ASSERT_TRUE(write_file_atomic(kept(run), whole.substr(0, whole.size() - 1)).ok());
  EXPECT_EQ(table({run}).value, values);
}

TEST_F(ColumnCacheTest, ABundleThatWasChangedIsReadAgain) {
  const std::string run = sealed_run("aios");
  table({run});
  const fs::path lines = store_.run_folder(run) / "samples.jsonl";
  std::string text = read_file(lines).value();
  text[text.find("101")] = '7';
  ASSERT_TRUE(write_file_atomic(lines, text).ok());
  const auto read = read_columns(store_, run, {});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().kind, ErrorKind::infra_fault);
}

TEST_F(ColumnCacheTest, RunsStandBelowEachOtherAndRowsAreChosen) {
  const std::string first = sealed_run("aios"), second = sealed_run("debian");
  const SampleTable all = table({first, second});
  EXPECT_EQ(all.rows(), 12U);
  EXPECT_THAT(all.run, ElementsAre(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1));
  EXPECT_EQ(all.metric.words.size(), 3U);
  const SampleTable some = table({second, first}, {.metrics = {"*.m2"}, .scenarios = {"sys*"}});
  EXPECT_THAT(some.value, ElementsAre(2, 102, 2, 102));
  EXPECT_THAT(some.run, ElementsAre(0, 0, 1, 1));
  EXPECT_THAT(some.iteration_value, ElementsAre(101, 150, 101, 150));
  EXPECT_EQ(table({first}, {.metrics = {"none"}}).rows(), 0U);
}

TEST_F(ColumnCacheTest, AnIdThatIsNoneLeavesTheStoreAlone) {
  EXPECT_FALSE(read_columns(store_, "../../etc", {}).ok());
  EXPECT_FALSE(read_columns(store_, "20261120-184100-k3fx7q", {}).ok());
}

}  // namespace
}  // namespace aios
