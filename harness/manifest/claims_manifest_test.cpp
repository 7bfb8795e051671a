// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/claims_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "harness/manifest/machine_manifest.h"
#include "harness/manifest/scenario_manifest.h"
#include "harness/manifest/target_text.h"
#include "harness/model/host_metrics.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

const fs::path kRoot = AIOS_SOURCE_DIR;

std::vector<Claim> ledger() {
  auto claims = load_ledger(kRoot);
  EXPECT_TRUE(claims.ok()) << claims.error().describe();
  return std::move(claims).value();
}

// Reads one file with this text and gives its error, or "".
std::string error_of(const std::string& text) {
  const auto folder = ScratchFolder::create().value();
  const fs::path file = folder.path() / "claims.toml";
  EXPECT_TRUE(write_file_atomic(file, text).ok());
  const auto claims = read_claims(file);
  return claims.ok() ? "" : claims.error().describe();
}

TEST(Targets, EveryForm) {
  const Target size = parse_target("footprint.image_bytes < 10 MB").value();
  EXPECT_EQ(size.metric, "footprint.image_bytes");
  EXPECT_EQ(size.relation, Relation::less_than);
  EXPECT_EQ(size.value, 10'000'000);
  EXPECT_EQ(size.unit, Unit::bytes);
  EXPECT_EQ(parse_target("boot.wall_to_init <= 5 s").value().value, 5e9);
  EXPECT_EQ(parse_target("core.size < 64 KiB").value().value, 65536);
  EXPECT_EQ(parse_target("a.b >= 2 x").value().relation, Relation::at_least);
  EXPECT_EQ(parse_target("a.b <= 0").value().unit, Unit::count);
  EXPECT_EQ(parse_target("a.b is yes").value().relation, Relation::equals_yes);
}

TEST(Targets, WrittenAsTheyAreRead) {
  for (const char* text : {"footprint.image_bytes < 10 MB", "boot.wall_to_init < 5 s", "a.b is yes", "a.b <= 0",
                           "syscall.null < 100 cycles"}) {
    EXPECT_EQ(to_string(parse_target(text).value()), text);
  }
}

TEST(Targets, NonsenseIsRefused) {
  for (const char* text :
       {"", "a.b", "a.b < ten", "a.b = 3", "a.b is no", "a.b < 3 MB more", "plain < 3", "a.b < nan", "a.b < 1e999"}) {
    EXPECT_FALSE(parse_target(text).ok()) << text;
  }
  EXPECT_THAT(parse_target("a.b < 3 cycle").error().what, HasSubstr("did you mean 'cycles'"));
}

TEST(Claims, ErrorsNameFileLineAndKey) {
  const std::string head = "kernel = \"k\"\ndocument = \"d\"\n[[claims]]\n";
  EXPECT_THAT(error_of(head + "id = \"a1\"\nclaim = \"c\""), HasSubstr("claims.toml:4"));
  EXPECT_THAT(error_of(head + "id = \"A1\"\nclaim = \"c\""), HasSubstr("nothing judges A1"));
  EXPECT_THAT(error_of(head + "id = \"A1\"\nclaim = \"c\"\ntargets = [\"a.b < 3 MX\"]"), HasSubstr("claims.toml:6"));
  EXPECT_THAT(error_of(head + "id = \"A1\"\nclaim = \"c\"\npendign = \"x\""), HasSubstr("pending"));
}

TEST(Claims, OnlyATimeHasABound) {
  const std::string text =
      "kernel = \"k\"\ndocument = \"d\"\n[[claims]]\nid = \"A1\"\nclaim = \"c\"\nbound = true\n"
      "targets = [\"a.b < 3 s\", \"a.c < 3 cycles\"]";
  const auto folder = ScratchFolder::create().value();
  ASSERT_TRUE(write_file_atomic(folder.path() / "claims.toml", text).ok());
  const auto claims = read_claims(folder.path() / "claims.toml").value();
  EXPECT_TRUE(claims[0].targets[0].boundable);
  EXPECT_FALSE(claims[0].targets[1].boundable);
}

TEST(Claims, AnIdThatStandsTwiceIsAnError) {
  const auto folder = ScratchFolder::create().value();
  const std::string text = "kernel = \"k\"\ndocument = \"d\"\n[[claims]]\nid = \"A1\"\nclaim = \"c\"\npending = \"p\"";
  for (const char* kernel : {"one", "two"}) {
    ASSERT_TRUE(make_folders(folder.path() / "kernels" / kernel).ok());
    ASSERT_TRUE(write_file_atomic(folder.path() / "kernels" / kernel / "claims.toml", text).ok());
  }
  EXPECT_THAT(load_ledger(folder.path()).error().what, HasSubstr("A1 stands twice"));
}

TEST(Ledger, HoldsEveryClaim) {
  const std::map<char, int> counts = {{'A', 24}, {'C', 18}, {'L', 15}, {'T', 17}, {'K', 12}, {'H', 10}};
  std::set<std::string> expected;
  for (const auto& [letter, count] : counts) {
    for (int i = 1; i <= count; ++i) expected.insert(letter + std::to_string(i));
  }
  std::set<std::string> found;
  for (const Claim& claim : ledger()) found.insert(claim.id);
  EXPECT_EQ(found, expected);
}

bool holds_modules(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (fs::exists(entry.path() / "Kbuild")) return true;
  }
  return false;
}

TEST(Ledger, AKernelThatIsNotBuiltYetIsOnlyItsPromises) {
  for (const char* kernel : {"codex", "limitlessos", "atomicos", "capability"}) {
    const fs::path folder = kRoot / "kernels" / kernel;
    if (fs::exists(folder / "kernel.toml") || holds_modules(folder)) continue;
    EXPECT_THAT(read_file(folder / "README.md").value(), HasSubstr("not built yet"));
    const auto claims = read_claims(folder / "claims.toml").value();
    for (const Claim& claim : claims) {
      EXPECT_FALSE(claim.pending_reason.empty() && claim.not_judged_reason.empty()) << claim.id;
    }
  }
}

TEST(Ledger, WhatIsNotPendingIsJudgedByMetricsThatExist) {
  std::map<std::string, Unit> known;
  const auto scenarios = load_scenarios(kRoot / "scenarios").value();
  for (const auto& scenario : scenarios) {
    for (const auto& metric : scenario.metrics) known[metric.name] = metric.unit;
  }
  for (const auto& metric : host_metrics()) known[metric.name] = metric.unit;
  for (const Claim& claim : ledger()) {
    if (!claim.pending_reason.empty() || !claim.not_judged_reason.empty()) continue;
    EXPECT_FALSE(claim.targets.empty()) << claim.id;
    for (const Target& target : claim.targets) {
      ASSERT_TRUE(known.contains(target.metric)) << claim.id << ": " << target.metric;
      EXPECT_EQ(known[target.metric], target.unit) << claim.id << ": " << target.metric;
    }
  }
}

TEST(Ledger, EveryCycleTargetWaitsForARealProcessor) {
  for (const Claim& claim : ledger()) {
    for (const Target& target : claim.targets) {
      if (target.unit != Unit::cycles) continue;
      EXPECT_FALSE(target.boundable) << claim.id;
      EXPECT_THAT(claim.needs, ::testing::Contains("cycles")) << claim.id;
      EXPECT_FALSE(claim.machine_file.empty()) << claim.id;
    }
  }
}

TEST(Ledger, EveryMachineFileExistsAndCanDoWhatTheClaimNeeds) {
  int named = 0;
  for (const Claim& claim : ledger()) {
    if (claim.machine_file.empty()) continue;
    ++named;
    const auto machine = read_machine_manifest(kRoot / claim.machine_file);
    ASSERT_TRUE(machine.ok()) << claim.id << ": " << machine.error().describe();
    for (const std::string& need : claim.needs) EXPECT_TRUE(machine->abilities.contains(need)) << claim.id << need;
  }
  EXPECT_GT(named, 5);
}

}  // namespace
}  // namespace aios
