// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/gate_experiment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/stats/random.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

GateSide measured_side(const char* kernel, Mode mode = Mode::automatic) {
  GateSide side;
  side.word = kernel;
  side.request = RunRequest{};
  side.request->subject.kernel = kernel;
  side.request->mode = mode;
  return side;
}

GateSide stored_side(const std::string& mode, int perturbations) {
  GateSide side;
  side.word = "stored";
  side.stored = RunRecord{};
  side.stored->mode = mode;
  side.stored->machine = "qemu-exact";
  side.stored->scenarios = {"boot", "syscall"};
  for (int i = 0; i < perturbations; ++i) side.stored->perturbations.push_back({.index = i});
  return side;
}

GateWishes two_scenarios() {
  GateWishes wishes;
  wishes.scenarios = 2;
  wishes.jobs = 2;
  wishes.cost = {4, 20};
  return wishes;
}

TEST(GatePlan, SixPairsAndWhatTheyCost) {
  GateSide a = measured_side("aios");
  GateSide b = measured_side("aios");
  const GatePlan plan = plan_gate(a, b, two_scenarios(), {}).value();
  EXPECT_EQ(plan.pairs, 6);
  EXPECT_EQ(plan.boots, 24);
  EXPECT_DOUBLE_EQ(plan.seconds, 48);
  EXPECT_EQ(a.request->perturb, 5);
  EXPECT_EQ(b.request->boots, 1);
  EXPECT_THAT(plan.lines.back(), HasSubstr("24 boots to make, about 48 s"));
}

TEST(GatePlan, ABudgetHoldsFewerPairsAndSaysSo) {
  GateSide a = measured_side("aios");
  GateSide b = measured_side("aios");
  GateWishes wishes = two_scenarios();
  wishes.budget_seconds = 20;
  const GatePlan plan = plan_gate(a, b, wishes, {}).value();
  EXPECT_EQ(plan.pairs, 2);
  EXPECT_LE(plan.seconds, 20);
  EXPECT_THAT(plan.lines.at(1), HasSubstr("holds 2 of 6"));
  wishes.budget_seconds = 1;
  EXPECT_EQ(plan_gate(a, b, wishes, {})->pairs, 1) << "less than one is no gate";
}

TEST(GatePlan, ASideThatIsStoredIsFollowed) {
  GateSide a = stored_side("exact", 3);
  GateSide b = measured_side("aios");
  const GatePlan plan = plan_gate(a, b, two_scenarios(), {}).value();
  EXPECT_EQ(plan.pairs, 3) << "no pair without its other half";
  EXPECT_EQ(plan.boots, 6);
  EXPECT_EQ(b.request->machine, "qemu-exact");
  EXPECT_EQ(b.request->scenarios, (std::vector<std::string>{"boot", "syscall"}));
  GateSide other = measured_side("aios", Mode::timed);
  EXPECT_EQ(plan_gate(a, other, two_scenarios(), {}).error().kind, ErrorKind::config);
}

// A lab whose boots give log-normal times around 1,000 ns.
class NoisyLab {
 public:
  explicit NoisyLab(double noise) : noise_(noise) {
    measurer_.clock = &clock_;
    measurer_.cancel = &cancel_;
    measurer_.progress = &progress_;
    measurer_.measure = [](const RunRequest&) -> Result<RunRecord> { return infra_fault("not asked for"); };
    measurer_.measure_in_turn = [this](const RunRequest& first, const RunRequest& second,
                                       const Interleaving& how) -> Result<InterleavedRuns> {
      EXPECT_EQ(first.boots, second.boots);
      InterleavedRuns both;
      begin(both.first, "run-a", "run-b");
      begin(both.second, "run-b", "run-a");
      while (both.blocks < first.boots) {
        boot(both.first, both.blocks);
        boot(both.second, both.blocks);
        clock_.advance(std::chrono::seconds(10));
        if (how.enough(both.first, both.second, ++both.blocks)) break;
      }
      return both;
    };
  }
  const Measurer& measurer() const { return measurer_; }

 private:
  static void begin(RunRecord& run, const char* id, const char* other) {
    run.provenance.run = id;
    run.provenance.extra["interleaved_with"] = other;
    run.mode = "timed";
    run.metrics = {{.name = "syscall.null", .unit = Unit::nanoseconds, .scenario = "syscall"}};
  }
  void boot(RunRecord& run, int index) {
    Sample sample;
    sample.metric = "syscall.null";
    sample.scenario = "syscall";
    sample.unit = Unit::nanoseconds;
    sample.fidelity = Fidelity::timed;
    sample.boot = index;
    sample.value = 1000 * std::exp(noise_ * random_.normal());
    run.samples.push_back(sample);
  }

  double noise_;
  stats::Random random_{5};
  ManualClock clock_;
  CancelToken cancel_;
  NoProgress progress_;
  Measurer measurer_;
};

Result<GateOutcome> timed_gate(double noise, std::optional<double> budget = std::nullopt) {
  GateSide a = measured_side("aios", Mode::timed);
  GateSide b = measured_side("aios", Mode::timed);
  GateWishes wishes = two_scenarios();
  wishes.budget_seconds = budget;
  wishes.exact = false;
  const GatePolicy policy;
  const GatePlan plan = plan_gate(a, b, wishes, policy).value();
  EXPECT_TRUE(plan.in_turn);
  const NoisyLab lab(noise);
  return measure_gate(a, b, plan, wishes, policy, lab.measurer());
}

TEST(GateMeasure, StopsWhereItIsPreciseEnough) {
  const GateOutcome quiet = timed_gate(0.003).value();
  EXPECT_EQ(quiet.first.samples.size(), 8U) << "the policy's least";
  EXPECT_THAT(quiet.notes.at(0), HasSubstr("precise enough after 8"));
  const GateOutcome noisy = timed_gate(0.015).value();
  EXPECT_GT(noisy.first.samples.size(), 15U);
  EXPECT_LT(noisy.first.samples.size(), 60U);
  EXPECT_EQ(timed_gate(0.2)->first.samples.size(), 60U) << "never more than the policy allows";
}

TEST(GateMeasure, ABudgetEndsIt) {
  const GateOutcome out = timed_gate(0.2, 125).value();
  EXPECT_EQ(out.first.samples.size(), 12U) << "a thirteenth block of ten seconds would be too much";
  EXPECT_THAT(out.notes.at(0), HasSubstr("budget of 2m 05s ended"));
}

TEST(GateMeasure, ABaselineThatDoesNotBuildIsNotTheCandidatesFault) {
  GateSide a = measured_side("aios");
  GateSide b = measured_side("aios");
  const GatePlan plan = plan_gate(a, b, two_scenarios(), {}).value();
  Measurer broken;
  broken.measure = [](const RunRequest&) -> Result<RunRecord> { return kernel_fault("it does not compile"); };
  const auto out = measure_gate(a, b, plan, two_scenarios(), {}, broken);
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().kind, ErrorKind::config);
}

TEST(BootCost, IsLearnedFromWhatWasMadeBefore) {
  RunRecord run;
  run.kernel = "aios";
  run.machine = "qemu-exact";
  run.boots = {{.index = 0, .scenario = "boot", .ok = true}, {.index = 1, .scenario = "syscall", .ok = true}};
  run.provenance.wall_seconds = {{"boot 0", 2}, {"boot 1", 4}};
  EXPECT_DOUBLE_EQ(learn_boot_cost({run}, "aios", "qemu-exact", {"boot", "syscall"}).seconds, 3);
  EXPECT_DOUBLE_EQ(learn_boot_cost({run}, "aios", "qemu-exact", {"syscall"}).seconds, 4);
  EXPECT_EQ(learn_boot_cost({run}, "debian", "qemu-exact", {}).boots, 2) << "another kernel is better than a guess";
  EXPECT_EQ(learn_boot_cost({run}, "aios", "qemu-kvm", {}).boots, 0);
}

}  // namespace
}  // namespace aios
