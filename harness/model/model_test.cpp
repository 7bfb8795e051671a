// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/counts.h"
#include "harness/model/subject.h"
#include "harness/model/unit.h"
#include "harness/support/files.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kKernels = {"aios", "aios-gpu", "debian"};

TEST(Subject, WholeGrammar) {
  const Subject subject = parse_subject("aios@v6.12-rc1:trace+ai_scheduler+ai_mem-veth", kKernels).value();
  EXPECT_EQ(subject.kernel, "aios");
  EXPECT_EQ(subject.ref, "v6.12-rc1");
  EXPECT_EQ(subject.variant, "trace");
  EXPECT_THAT(subject.with_modules, ElementsAre("ai_scheduler", "ai_mem"));
  EXPECT_THAT(subject.without_modules, ElementsAre("veth"));
  EXPECT_EQ(subject.text(), "aios@v6.12-rc1:trace+ai_scheduler+ai_mem-veth");
}

TEST(Subject, TheLongestKnownKernelWins) {
  EXPECT_EQ(parse_subject("aios-gpu", kKernels).value().kernel, "aios-gpu");
  const Subject without = parse_subject("aios-veth", kKernels).value();
  EXPECT_EQ(without.kernel, "aios");
  EXPECT_THAT(without.without_modules, ElementsAre("veth"));
}

TEST(Subject, PathsAreImages) { EXPECT_EQ(parse_subject("./thing.img", kKernels).value().image, "./thing.img"); }

TEST(Subject, AnExistingFileIsAnImageWhateverItIsCalled) {
  const fs::path before = fs::current_path();
  const auto folder = ScratchFolder::create().value();
  fs::current_path(folder.path());
  ASSERT_TRUE(write_file_atomic("aios-2.img", "x").ok());
  EXPECT_EQ(parse_subject("aios-2.img", kKernels).value().image, "aios-2.img");
  ASSERT_TRUE(write_file_atomic("debian", "x").ok());
  EXPECT_EQ(parse_subject("debian", kKernels).value().kernel, "debian");
  fs::current_path(before);
}

TEST(Subject, MisspeltKernelGetsASuggestion) {
  const auto error = parse_subject("debain", kKernels).error();
  EXPECT_EQ(error.kind, ErrorKind::config);
  EXPECT_THAT(error.what, HasSubstr("did you mean 'debian'?"));
}

TEST(Subject, EmptyPartsAreRefused) {
  for (const char* text : {"", "aios@", "aios:", "aios+", "aios+a b", "aios:x y"}) {
    EXPECT_FALSE(parse_subject(text, kKernels).ok()) << text;
  }
}

TEST(Unit, NoNanosecondsForInstructions) {
  EXPECT_EQ(format_value(12950, Unit::instructions), "12,950 instr");
  EXPECT_EQ(format_value(1.7e9, Unit::nanoseconds), "1.7 s");
  EXPECT_EQ(format_value(0, Unit::yes_no), "no");
  EXPECT_THAT(parse_unit("instructoins").error().what, HasSubstr("did you mean 'instructions'"));
}

TEST(Counts, WhatWasNotCountedStaysUnknown) {
  CountVector a;
  CountVector b;
  a[CountClass::instructions] = 10;
  b[CountClass::instructions] = 4;
  a[CountClass::mmio] = 3;
  const CountVector difference = a - b;
  EXPECT_EQ(difference.instructions(), 6);
  EXPECT_FALSE(difference[CountClass::mmio].has_value());
  EXPECT_EQ(parse_count_class("cr3_write"), CountClass::cr3_write);
  EXPECT_FALSE(is_heavy(CountClass::rep_iterations));
}

}  // namespace
}  // namespace aios
