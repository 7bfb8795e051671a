// SPDX-License-Identifier: Apache-2.0
// The real program on recorded hosts: what it says of GPUs, and of devices that a killed run left behind.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/passthrough/testing/recorded_tree.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Gpus, ARecordedServerAsJson) {
  const passthrough::RecordedTree host("h100");
  const Json found = bench_json({"gpus", "--root", host.root().string(), "--json"});
  EXPECT_TRUE(found.at("iommu").get<bool>());
  ASSERT_EQ(found.at("devices").size(), 1U);
  const Json& gpu = found["devices"][0];
  EXPECT_EQ(gpu.at("address"), "0000:65:00.0");
  EXPECT_EQ(gpu.at("bars")[1].at("bytes"), 128ULL << 30);
  EXPECT_FALSE(gpu.at("can_pass_through").get<bool>());
  EXPECT_EQ(gpu.at("obstacles")[0].at("kind"), "in_use");
  EXPECT_EQ(gpu.at("obstacles")[0].at("command"), "kill 4242");
}

TEST(Gpus, ARecordedLaptopForAPerson) {
  const passthrough::RecordedTree host("laptop");
  const Captured said = bench({"gpus", "--root", host.root().string()});
  EXPECT_EQ(said.exit.code, 0) << said.err;
  EXPECT_THAT(said.out, HasSubstr("0000:00:02.0"));
  EXPECT_THAT(said.out, HasSubstr("intel_iommu=on"));
  EXPECT_THAT(said.out, Not(HasSubstr("can go")));
}

TEST(Gpus, OfThisHostAndOfNone) {
  EXPECT_TRUE(bench_json({"gpus", "--json"}).at("devices").is_array());
  const Captured none = bench({"gpus", "--root", "/no/such/folder"});
  EXPECT_EQ(none.exit.code, 2);
  EXPECT_THAT(none.err, HasSubstr("there is no such folder"));
}

TEST(DoctorRestore, SaysWhatIsLeftAndInQuarantine) {
  const auto folder = ScratchFolder::create().value();
  const std::map<std::string, std::string> env{{"AIOS_BENCH_DEVICES", folder.path().string()}};
  const Captured nothing = bench({"doctor", "--restore"}, env);
  EXPECT_EQ(nothing.exit.code, 0) << nothing.err;
  EXPECT_THAT(nothing.out, HasSubstr("No device is away from its driver"));
  ASSERT_TRUE(write_file_atomic(folder.path() / "0000:7f:00.0.quarantine",
                                R"({"address":"0000:7f:00.0","reason":"it does not answer","since":"today"})")
                  .ok());
  const Json report = parse_json(bench({"doctor", "--json"}, env).out, "doctor").value();
  bool told = false;
  for (const auto& row : report.at("checks")) told = told || row.value("name", "") == "0000:7f:00.0";
  EXPECT_TRUE(told) << report.dump().substr(0, 2000);
  const Captured still = bench({"doctor", "--restore"}, env);
  EXPECT_EQ(still.exit.code, 3);
  EXPECT_THAT(still.out, HasSubstr("0000:7f:00.0 is in quarantine: it does not answer"));
}

// A journal of another boot of the host speaks of bindings that nobody remembers: the next command clears it away.
TEST(DoctorRestore, AnotherBootsJournalGoesWithTheNextCommand) {
  const auto folder = ScratchFolder::create().value();
  const fs::path journal = folder.path() / "0000:7f:00.0.journal";
  ASSERT_TRUE(write_file_atomic(journal,
                                R"({"boot":"long ago","pid":1,"devices":[{"address":"0000:7f:00.0","driver":"x"}]})"
                                "\n")
                  .ok());
  EXPECT_EQ(bench({"list", "machines"}, {{"AIOS_BENCH_DEVICES", folder.path().string()}}).exit.code, 0);
  EXPECT_FALSE(fs::exists(journal));
}

}  // namespace
}  // namespace aios
