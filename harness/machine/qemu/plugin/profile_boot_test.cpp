// SPDX-License-Identifier: Apache-2.0
// The profile changes no figure, loses no instruction, and knows who called whom.
#include <gmock/gmock.h>

#include <map>

#include "harness/machine/qemu/plugin/testing/plugin_rig.h"
#include "harness/machine/qemu/profile_counts.h"

namespace aios {
namespace {

class ProfileBoot : public PluginBoot {
 protected:
  RawProfile profile_of(const std::string& guest, const std::string& more = "") {
    boot_ = boot(guest, ",profile=" + at("profile").string() + more);
    auto parsed = parse_profile_counts(read_file(at("profile")).value_or(""), "profile");
    EXPECT_TRUE(parsed.ok()) << parsed.error().describe();
    return parsed.ok() ? *parsed : RawProfile();
  }

  Boot boot_;
};

std::int64_t sum_of(const RawRegion& region) {
  std::int64_t sum = 0;
  for (const RawCost& cost : region.costs) sum += cost.typical + cost.other;
  return sum;
}

TEST_F(ProfileBoot, EveryFigureIsTheSameWithAndWithout) {
  for (const char* guest : {"calls", "counted", "user_mode", "many", "hostile"}) {
    SCOPED_TRACE(guest);
    const Boot without = boot(guest);
    profile_of(guest);
    EXPECT_EQ(boot_.said, without.said);
    // But for how many blocks QEMU made, which no figure hangs on.
    EXPECT_EQ(boot_.counts_text, without.counts_text);
  }
}

TEST_F(ProfileBoot, EveryRegionAddsUpToItsSum) {
  for (const char* guest : {"calls", "counted", "user_mode", "many"}) {
    SCOPED_TRACE(guest);
    const RawProfile profile = profile_of(guest);
    ASSERT_EQ(profile.regions.size(), boot_.counts.regions.size());
    for (std::size_t i = 0; i < profile.regions.size(); ++i) {
      const RawRegion& region = profile.regions[i];
      const RegionCounts& counted = boot_.counts.regions[i];
      EXPECT_EQ(sum_of(region), counted.sum.instructions());
      EXPECT_EQ(region.typical_iterations + region.other_iterations, counted.iterations);
      if (region.typical_iterations == 0) continue;
      std::int64_t typical = 0;
      for (const RawCost& cost : region.costs) typical += cost.typical;
      EXPECT_EQ(typical, region.typical_iterations * counted.quiet_median->instructions());
    }
  }
}

TEST_F(ProfileBoot, BetweenThePointsNothingIsLostEither) {
  const RawProfile profile = profile_of("counted", ",spans=on");
  // Its point comes behind regions, where the account from power-on has ended.
  EXPECT_TRUE(profile.spans.empty());
  const RawProfile hostile = profile_of("hostile", ",spans=on");
  for (const RawSpan& span : hostile.spans) {
    std::int64_t sum = 0;
    for (const auto& [block, instructions] : span.blocks) sum += instructions;
    EXPECT_EQ(sum, boot_.counts.find_point(span.point)->at.instructions());
  }
}

// Which contexts were entered, and what was executed in each in one iteration.
TEST_F(ProfileBoot, CallersAreThoseOfTheGuest) {
  const RawProfile profile = profile_of("calls");
  ASSERT_EQ(profile.regions.size(), 1U);
  const RawRegion& region = profile.regions[0];
  EXPECT_EQ(region.typical_iterations, 10);
  std::map<int, std::int64_t> by_context;
  for (const RawCost& cost : region.costs) by_context[cost.context] += cost.typical / 10;
  std::map<std::string, std::int64_t> by_way;  // "root/call/call"
  for (const auto& [id, instructions] : by_context) {
    std::string way;
    for (int at = id; at != 0; at = profile.contexts.at(at).parent) {
      const EnteredBy how = profile.contexts.at(at).how;
      way = std::string(how == EnteredBy::root        ? "root"
                        : how == EnteredBy::call      ? "/call"
                        : how == EnteredBy::interrupt ? "/interrupt"
                                                      : "/?") +
            way;
    }
    by_way[way] += instructions;
  }
  EXPECT_THAT(by_way,
              testing::ElementsAre(testing::Pair("root", 3),
                                   testing::Pair("root/call", 4 + 4 + 1 + 3),   // first, third, thunk, second behind it
                                   testing::Pair("root/call/call", 3 + 3 + 2),  // second twice, the thunk's own call
                                   testing::Pair("root/interrupt", 2)));
}

TEST_F(ProfileBoot, SystemCallsAreEnteredFromTheirCaller) {
  const RawProfile profile = profile_of("user_mode");
  std::int64_t in_kernel = 0;
  for (const RawCost& cost : profile.regions.at(0).costs) {
    const RawContext& context = profile.contexts.at(cost.context);
    if (context.how != EnteredBy::syscall) continue;
    EXPECT_EQ(profile.contexts.at(context.parent).how, EnteredBy::root);
    in_kernel += cost.typical + cost.other;
  }
  EXPECT_EQ(in_kernel, 10 * 2) << "lea and sysret";
}

TEST_F(ProfileBoot, WhereItCannotBeWrittenQemuEndsWithAReason) {
  const Captured ran = qemu("many", ",profile=/nonexistent/folder/file");
  EXPECT_NE(ran.exit.code, 33);
  EXPECT_THAT(ran.err, testing::HasSubstr("cannot write"));
}

}  // namespace
}  // namespace aios
