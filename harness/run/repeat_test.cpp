// SPDX-License-Identifier: Apache-2.0
#include "harness/run/repeat.h"

#include <gtest/gtest.h>

#include "harness/run/execute.h"
#include "harness/run/testing/scripted_lab.h"

namespace aios {
namespace {

TEST(Repeat, TheRequestIsInTheBundleAndEqualRunsAgree) {
  testing::Lab lab;
  lab.plan_scenarios({"syscall"});
  lab.request_.subject.kernel = "aios";
  lab.request_.scenarios = {"syscall"};
  lab.scripts = {testing::good_boot("syscall"), testing::good_boot("syscall"), testing::good_boot("syscall", 207)};
  const RunRecord first = execute_run(lab.plan_, lab.request_, lab.kernel_, lab.env()).value();
  const RunRequest again = request_of(lab.store_, first.provenance.run).value();
  EXPECT_EQ(request_to_json(again), request_to_json(lab.request_));
  const RunRecord second = execute_run(lab.plan_, again, lab.kernel_, lab.env()).value();
  EXPECT_TRUE(differences(first, second).empty());
  ASSERT_TRUE(write_file_atomic(lab.kernel_.image, "another kernel").ok());
  const RunRecord third = execute_run(lab.plan_, again, lab.kernel_, lab.env()).value();
  const auto differ = differences(first, third);
  ASSERT_EQ(differ.size(), 2U);
  EXPECT_EQ(differ[0].what, "input kernel");
  EXPECT_EQ(differ[1].what, "syscall.null, boot 0");
  EXPECT_TRUE(differ[1].after.starts_with("202 instr"));
}

}  // namespace
}  // namespace aios
