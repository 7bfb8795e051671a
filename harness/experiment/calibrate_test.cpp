// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/calibrate.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/run/perturbation.h"
#include "harness/stats/random.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

Sample calibrated_sample(const char* metric, Unit unit, double value, int boot, int perturbation) {
  Sample sample;
  sample.metric = metric;
  sample.scenario = std::string(metric).substr(0, std::string(metric).find('.'));
  sample.unit = unit;
  sample.fidelity = unit == Unit::nanoseconds ? Fidelity::timed : Fidelity::exact;
  sample.value = value;
  sample.boot = boot;
  sample.perturbation = perturbation;
  return sample;
}

RunRecord blank_run(const RunRequest& request) {
  RunRecord run;
  run.subject = run.kernel = "aios";
  run.machine = request.machine;
  run.mode = "exact";
  run.label = request.label;
  run.outcome = "complete";
  run.provenance.run = "run-1";
  return run;
}

// A lab where a boot moves with every null change, and a loop with none.
Measurer exact_lab(int* measured = nullptr) {
  Measurer lab;
  lab.measure = [measured](const RunRequest& request) -> Result<RunRecord> {
    if (measured != nullptr) ++*measured;
    RunRecord run = blank_run(request);
    run.perturbations = perturbations(request.perturb);
    const bool rebuilt = !request.subject.configs.empty();
    for (const Perturbation& one : run.perturbations) {
      const double boot =
          100e6 + 40'000 * (one.index % 4) + (one.kind == "memory" ? 900'000 : 0) + (rebuilt ? 5'000 : 0);
      run.samples.push_back(calibrated_sample("boot.to_init", Unit::instructions, boot, one.index, one.index));
      run.samples.push_back(calibrated_sample("syscall.null", Unit::instructions, 323, one.index, one.index));
    }
    return run;
  };
  return lab;
}

CalibratePlan exact_plan() {
  CalibratePlan plan;
  plan.request.machine = "qemu-exact";
  return plan;
}

TEST(Calibrate, ALoopStandsStillAndABootHasAFence) {
  const Calibration taught = calibrate(exact_plan(), exact_lab()).value().calibration;
  EXPECT_EQ(taught.kernel, "aios");
  EXPECT_EQ(taught.machine, "qemu-exact");
  EXPECT_THAT(taught.null_changes, SizeIs(12));
  const MetricCalibration* loop = taught.find("syscall.null");
  ASSERT_NE(loop, nullptr);
  EXPECT_EQ(loop->fence, 0);
  EXPECT_EQ(loop->nulls, 12);
  EXPECT_EQ(loop->alarms, 0);
  EXPECT_NEAR(loop->alarm_rate.interval.high, 0.265, 0.001);  // 0 of 12 proves no more
  const MetricCalibration* boot = taught.find("boot.to_init");
  ASSERT_NE(boot, nullptr);
  EXPECT_GE(boot->fence, 0.009);
  EXPECT_THAT(boot->worst, HasSubstr("MiB more memory"));
  EXPECT_EQ(boot->alarms, 0);  // all within the built-in 2 %
  EXPECT_EQ(taught.fence_for("boot.to_init"), boot->fence);
  EXPECT_FALSE(taught.fence_for("never.measured"));
}

TEST(Calibrate, ALoopThatMovesIsAnAlarm) {
  Measurer lab = exact_lab();
  const auto steady = lab.measure;
  lab.measure = [steady](const RunRequest& request) -> Result<RunRecord> {
    RunRecord run = TRY(steady(request));
    run.samples[9].value += 1;  // one boot's syscall.null
    return run;
  };
  const Calibration taught = calibrate(exact_plan(), lab).value().calibration;
  EXPECT_EQ(taught.find("syscall.null")->alarms, 1);
  EXPECT_NEAR(taught.find("syscall.null")->fence, 1.0 / 323, 1e-12);
}

TEST(Calibrate, NullBuildsCountAndThoseThatFailAreNamed) {
  int measured = 0;
  CalibratePlan plan = exact_plan();
  plan.builds = {{"another version string", "/a"}, {"dead code", "/b"}};
  Measurer lab = exact_lab(&measured);
  const auto steady = lab.measure;
  lab.measure = [steady](const RunRequest& request) -> Result<RunRecord> {
    if (!request.subject.configs.empty() && request.subject.configs[0] == "/b") return config_error("it is prebuilt");
    EXPECT_EQ(request.label, kNullChangeLabel);
    return steady(request);
  };
  const Calibrated out = calibrate(plan, lab).value();
  EXPECT_EQ(measured, 2);
  EXPECT_EQ(out.calibration.find("syscall.null")->nulls, 12 + 13);
  const MetricCalibration* boot = out.calibration.find("boot.to_init");
  EXPECT_EQ(boot->nulls, 13);  // the build's, pair by pair
  EXPECT_NEAR(boot->fence, 5e-5, 1e-9);
  EXPECT_GT(boot->largest, 0.009);  // what perturbations do all the same
  EXPECT_THAT(out.notes.at(0), HasSubstr("dead code: left out (it is prebuilt)"));
  EXPECT_TRUE(is_null_change(out.calibration.kernel.empty() ? "" : kNullChangeLabel));
}

Measurer timed_lab(double noise, std::uint64_t seed) {
  Measurer lab;
  lab.measure = [noise, seed](const RunRequest& request) -> Result<RunRecord> {
    RunRecord run = blank_run(request);
    run.mode = "timed";
    stats::Random random(seed);
    for (int boot = 0; boot < request.boots; ++boot) {
      const double drift = 1 + 0.001 * boot;
      run.samples.push_back(calibrated_sample("syscall.null", Unit::nanoseconds,
                                              200 * drift * std::exp(noise * random.normal()), boot, 0));
    }
    return run;
  };
  return lab;
}

TEST(Calibrate, TimesTeachTheirNoise) {
  CalibratePlan plan = exact_plan();
  plan.timed = true;
  plan.gates = 40;
  Calibration taught = calibrate(plan, timed_lab(0.02, 3)).value().calibration;
  const MetricCalibration& one = taught.metrics.at(0);
  EXPECT_NEAR(one.noise, 0.02 * std::sqrt(2.0), 0.004);
  EXPECT_EQ(one.nulls, 40);
  EXPECT_LE(one.alarms, 6);
  EXPECT_LT(one.fence, 0.006);  // the drift of 8 % went out
  EXPECT_GT(one.largest, 0.01);
  taught.seconds_a_boot = 2;
  const auto minute = taught.visible_in(one, 60), hour = taught.visible_in(one, 3600);
  ASSERT_TRUE(minute && hour);
  EXPECT_GT(*minute, *hour);
  EXPECT_GE(*hour, one.fence);
  EXPECT_FALSE(taught.visible_in(one, 10));
}

TEST(Calibrate, WhatDoesNotBootCannotBeCalibrated) {
  Measurer lab;
  lab.measure = [](const RunRequest& request) -> Result<RunRecord> {
    RunRecord run = blank_run(request);
    run.outcome = "failed";
    return run;
  };
  EXPECT_EQ(calibrate(exact_plan(), lab).error().kind, ErrorKind::kernel_fault);
}

TEST(Calibration, SurvivesItsFile) {
  ScratchFolder scratch = ScratchFolder::create().value();
  const Store store = Store::open(scratch.path()).value();
  EXPECT_FALSE(load_calibration(store, "qemu-exact", "aios"));
  EXPECT_THAT(read_calibration(store, "qemu-exact", "aios").error().hint, HasSubstr("aios-bench calibrate aios"));
  Calibration taught = calibrate(exact_plan(), exact_lab()).value().calibration;
  taught.host = {{"governor", "powersave"}};
  ASSERT_TRUE(store_calibration(store, taught).ok());
  const auto again = load_calibration(store, "qemu-exact", "aios");
  ASSERT_TRUE(again);
  EXPECT_EQ(calibration_to_json(*again), calibration_to_json(taught));
  const fs::path file = calibration_path(store, "qemu-exact", "aios");
  ASSERT_TRUE(write_file_atomic(file, "{\"schema\": 99}").ok());
  EXPECT_THAT(read_calibration(store, "qemu-exact", "aios").error().what, HasSubstr("schema 99"));
  ASSERT_TRUE(write_file_atomic(file, "not json").ok());
  EXPECT_FALSE(load_calibration(store, "qemu-exact", "aios"));
}

TEST(Calibration, SaysWhatASettingOfTheHostGained) {
  CalibratePlan plan = exact_plan();
  plan.timed = true;
  Calibration before = calibrate(plan, timed_lab(0.04, 5)).value().calibration;
  Calibration now = calibrate(plan, timed_lab(0.01, 6)).value().calibration;
  EXPECT_TRUE(host_gains(before, now).empty());
  before.host["governor"] = "powersave";
  now.host["governor"] = "performance";
  ASSERT_THAT(host_gains(before, now), SizeIs(1));
  EXPECT_THAT(host_gains(before, now)[0], HasSubstr("governor: powersave -> performance"));
}

TEST(Calibrate, FragmentsOfNullBuilds) {
  ScratchFolder scratch = ScratchFolder::create().value();
  const auto builds = linux_null_builds(scratch.path() / "fragments").value();
  ASSERT_THAT(builds, SizeIs(2));
  EXPECT_THAT(read_file(builds[0].fragment).value(), HasSubstr("CONFIG_LOCALVERSION"));
}

}  // namespace
}  // namespace aios
