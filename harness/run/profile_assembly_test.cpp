// SPDX-License-Identifier: Apache-2.0
#include "harness/run/profile_assembly.h"

#include <gmock/gmock.h>

#include "harness/run/testing/tiny_module.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

constexpr std::uint64_t kEntry = 0xffffffff81000000, kWork = 0xffffffff81000100, kBehind = 0xffffffff81000008;

RawBlock block_at(std::uint64_t address, int instructions, const std::string& code = "") {
  RawBlock block;
  block.address = address;
  block.sizes.assign(static_cast<std::size_t>(instructions), 2);
  block.code = code.empty() ? std::string(static_cast<std::size_t>(instructions) * 2, '\x90') : code;
  return block;
}

// Ten iterations of `_overhead`-like work: entry (4 instructions, of which the second half is after_entry's), work 5.
class ProfileAssembly : public ::testing::Test {
 protected:
  ProfileAssembly() {
    sources_.system_map =
        "ffffffff81000000 T entry\nffffffff81000008 T after_entry\nffffffff81000100 t work\n"
        "ffffffff81000200 D data\n";
    raw_.blocks[1] = block_at(0xffffffff81000004, 4);  // two of entry, two behind the label
    raw_.blocks[2] = block_at(kWork, 5);
    raw_.contexts[1] = {.parent = 0, .entry = kEntry, .site = 0, .how = EnteredBy::root};
    raw_.contexts[2] = {.parent = 1, .entry = kWork, .site = kBehind + 2, .how = EnteredBy::call};
    raw_.regions.push_back({.number = 0,
                            .tag = 0,
                            .typical_iterations = 10,
                            .other_iterations = 1,
                            .costs = {{1, 1, 40, 4}, {2, 2, 50, 70}}});
    RegionCounts counted;
    counted.number = 0;
    counted.iterations = 11;
    counted.sum[CountClass::instructions] = 40 + 4 + 50 + 70;
    counted.quiet_median.emplace();
    (*counted.quiet_median)[CountClass::instructions] = 9;
    counts_.regions.push_back(counted);
    message::Region named;
    named.number = 0;
    named.name = "syscall.null";
    messages_.emplace_back(named);
  }

  Result<Profile> assembled() {
    names_.emplace(sources_, raw_);
    ProfileInput input;
    input.raw = &raw_;
    input.names = &*names_;
    input.counts = &counts_;
    input.messages = &messages_;
    input.scenario = "syscall";
    return assemble_profile(input);
  }

  static std::map<std::string, std::int64_t> typical(const Profile& profile) {
    std::map<std::string, std::int64_t> out;
    for (const ProfileCost& cost : profile.spans.at(0).costs) {
      std::string stack;
      for (int at = cost.node; at >= 0; at = profile.nodes[static_cast<std::size_t>(at)].parent) {
        const auto function = static_cast<std::size_t>(profile.nodes[static_cast<std::size_t>(at)].function);
        stack = profile.functions[function].name + (stack.empty() ? "" : ";") + stack;
      }
      out[stack] += cost.typical;
    }
    return out;
  }

  CodeSources sources_;
  RawProfile raw_;
  GuestCounts counts_;
  std::vector<Message> messages_;
  std::optional<CodeNames> names_;
};

TEST_F(ProfileAssembly, StacksAndABlockThatTwoFunctionsShare) {
  const auto profile = assembled();
  ASSERT_TRUE(profile.ok()) << profile.error().describe();
  EXPECT_EQ(typical(*profile), (std::map<std::string, std::int64_t>{
                                   {"entry", 20}, {"entry;after_entry", 20}, {"entry;after_entry;work", 50}}));
  EXPECT_EQ(profile->spans.at(0).metric, "syscall.null");
}

TEST_F(ProfileAssembly, WhatDoesNotAddUpIsNoProfile) {
  ++raw_.regions[0].costs[0].other;
  EXPECT_THAT(assembled().error().describe(), HasSubstr("the profile has 165 instructions, the region 164"));
  --raw_.regions[0].costs[0].other;
  ++raw_.regions[0].costs[0].typical;
  --raw_.regions[0].costs[0].other;
  EXPECT_THAT(assembled().error().describe(), HasSubstr("typical"));
}

TEST_F(ProfileAssembly, CodeWithoutSymbolIsKeptUnderANameThatSaysSo) {
  raw_.blocks[2] = block_at(0xffffffffc0001000, 5);
  raw_.contexts[2].entry = 0xffffffffc0001000;
  const auto profile = assembled();
  ASSERT_TRUE(profile.ok());
  EXPECT_EQ(typical(*profile)["entry;after_entry;(kernel code without symbol)"], 50);
}

TEST_F(ProfileAssembly, AModuleIsFoundByItsBytesWhatTheLoaderWroteLeftAside) {
  std::string code = std::string(16, '\xcc') + "\x55\x48\x89\xe5\x53\xe8....\x48\x83\xc4\x08\x5b\x5d\xc3";
  sources_.modules.push_back({"hello", testing::tiny_module(code, "hello_work", 16 + 6)});
  std::string loaded = code.substr(16);
  loaded.replace(5, 5, "\x0f\x1f\x44\x00\x00", 5);  // a call that the kernel took out
  RawBlock block;
  block.address = 0xffffffffc0002010;
  block.sizes = {1, 3, 1, 5, 4, 1, 1, 1};
  block.code = loaded;
  raw_.blocks[2] = block;
  raw_.contexts[2].entry = block.address;
  raw_.regions[0].costs[1] = {2, 2, 50, 70};
  const auto profile = assembled();
  ASSERT_TRUE(profile.ok());
  EXPECT_EQ(typical(*profile)["entry;after_entry;hello_work"], 50);
  EXPECT_EQ(profile->functions.back().image, "module hello");
}

TEST_F(ProfileAssembly, PointsOfABootHaveAllThatCameBefore) {
  raw_.regions.clear();
  messages_.clear();
  raw_.spans = {{.point = 1, .blocks = {{1, 400}, {0, 7}}}, {.point = 2, .blocks = {{2, 50}}}};
  for (const auto& [id, at] : {std::pair(1, 407), std::pair(2, 457)}) {
    CountedPoint point{.id = id, .at = {}};
    point.at[CountClass::instructions] = at;
    counts_.points.push_back(point);
  }
  const auto profile = assembled();
  ASSERT_TRUE(profile.ok()) << profile.error().describe();
  ASSERT_EQ(profile->spans.size(), 2U);
  EXPECT_EQ(profile->spans[0].metric, "boot.to_init");
  EXPECT_FALSE(profile->spans[0].callers);
  EXPECT_EQ(typical(*profile),
            (std::map<std::string, std::int64_t>{{"entry", 200}, {"after_entry", 200}, {"(not told apart)", 7}}));
}

TEST(ProfileCounts, DamagedFilesAreRefused) {
  const std::string head = "{\"type\":\"header\",\"schema\":2}\n";
  EXPECT_TRUE(parse_profile_counts(head, "p").ok());
  EXPECT_TRUE(parse_profile_counts(head + "{\"type\":\"region\"", "p").ok()) << "a line that was being written";
  for (const char* bad :
       {"", "{\"type\":\"header\",\"schema\":9}\n", "{}\n",
        "{\"type\":\"header\",\"schema\":2}\n{\"type\":\"contexts\",\"rows\":\"3 3 1 1 1\"}\n",
        "{\"type\":\"header\",\"schema\":2}\n{\"type\":\"contexts\",\"rows\":\"3 0 1 1 9\"}\n",
        "{\"type\":\"header\",\"schema\":2}\n{\"type\":\"contexts\",\"rows\":\"99999999999 0 1 1 1\"}\n",
        "{\"type\":\"header\",\"schema\":2}\n{\"type\":\"contexts\",\"rows\":\"3 0 1 1\"}\n",
        "{\"type\":\"header\",\"schema\":2}\n{\"type\":\"blocks\",\"rows\":\"1 10 3 90\"}\n",
        "{\"type\":\"header\",\"schema\":2}\n{\"type\":\"blocks\",\"rows\":\"1 10 1\"}\n",
        "{\"type\":\"header\",\"schema\":2}\n{\"type\":\"blocks\",\"rows\":\"1 10 g 90\"}\n",
        "{\"type\":\"header\",\"schema\":2}\n"
        "{\"type\":\"region\",\"number\":0,\"tag\":0,\"typical_iterations\":1,\"other_iterations\":0,"
        "\"entries\":\"1 1 1 1\"}\n"}) {
    EXPECT_FALSE(parse_profile_counts(bad, "p").ok()) << bad;
  }
}

}  // namespace
}  // namespace aios
