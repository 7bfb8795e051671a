// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_recipe.h"

#include <gtest/gtest.h>

#include "harness/run/testing/scripted_lab.h"

namespace aios {
namespace {

class BlackBoxRecipe : public ::testing::Test {
 protected:
  BlackBoxRecipe() {
    std::string floppy(1440 * 1024, '\0');
    floppy[510] = '\x55';
    floppy[511] = '\xaa';
    EXPECT_TRUE(write_file_atomic(lab_.kernel_.image, floppy).ok());
    lab_.kernel_.linux_kernel = false;
    lab_.plan_.black_box = true;
    lab_.plan_.machine.deadline_scale = 4;
    lab_.plan_scenarios({kBlackBox});
  }
  WatchPlan watch() {
    return boot_recipe(lab_.plan_, lab_.plan_.boots[0], lab_.kernel_, {}, lab_.scratch_.path(), nullptr).value().watch;
  }
  testing::Lab lab_;
};

TEST_F(BlackBoxRecipe, LinuxsWordsCountWhereThereAreNoMarkers) {
  EXPECT_TRUE(watch().linux_crash_rules);
  lab_.plan_.markers = {"expected panic"};
  EXPECT_FALSE(watch().linux_crash_rules);
}

TEST_F(BlackBoxRecipe, SilenceAfterTheFirstWordIsSeenWellBeforeTheDeadline) {
  lab_.plan_.markers = {"ok"};
  for (const double timeout : {0.0, 10.0, 60.0, 600.0}) {
    lab_.plan_.timeout_seconds = timeout;
    const WatchPlan plan = watch();
    EXPECT_LE(plan.stall, plan.deadline / 2) << timeout;
    EXPECT_GE(plan.scaled(plan.stall), std::chrono::seconds(3)) << timeout;
  }
  lab_.plan_.timeout_seconds = 2;
  EXPECT_LE(watch().stall, watch().deadline);
}

}  // namespace
}  // namespace aios
