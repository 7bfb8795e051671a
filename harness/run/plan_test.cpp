// SPDX-License-Identifier: Apache-2.0
#include "harness/run/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/run/perturbation.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

MachineSpec machine(const char* name, const char* accelerator, std::set<std::string> abilities) {
  MachineSpec out;
  out.name = name;
  out.accelerator = accelerator;
  out.abilities = std::move(abilities);
  return out;
}

Scenario scenario(const char* name, int order, bool core, std::vector<std::string> needs) {
  Scenario out;
  out.name = name;
  out.order = order;
  out.core = core;
  out.needs = std::move(needs);
  out.program = "operations";
  return out;
}

Catalogue catalogue() {
  Catalogue out;
  out.machines = {machine("qemu-exact", "tcg-icount", {"exact", "counts", "guest_program"}),
                  machine("qemu-tcg", "tcg", {"guest_program", "smp"}),
                  machine("qemu-kvm", "kvm", {"guest_program", "smp"})};
  out.scenarios = {scenario("syscall", 20, true, {"guest_program"}), scenario("boot", 0, true, {}),
                   scenario("contention", 30, true, {"smp"}), scenario("long", 40, false, {})};
  return out;
}

RunRequest request() {
  RunRequest out;
  out.subject.kernel = "aios";
  return out;
}

std::vector<std::string> names(const Plan& plan) {
  std::vector<std::string> out;
  for (const PlannedBoot& boot : plan.boots) out.push_back(boot.scenario);
  return out;
}

const Kernel kKernel = {.name = "aios"};

TEST(Plan, CoreByDefaultAScenarioABootAndWhatTheMachineCannotDoIsLeftOut) {
  const Plan plan = make_plan(request(), catalogue(), &kKernel).value();
  EXPECT_EQ(plan.machine.name, "qemu-exact");
  EXPECT_EQ(plan.mode, "exact");
  EXPECT_THAT(names(plan), ElementsAre("boot", "syscall"));
  ASSERT_EQ(plan.left_out.size(), 1U);
  EXPECT_EQ(plan.left_out[0].ability, "smp");
  EXPECT_THAT(describe_plan(plan), HasSubstr("contention"));
}

TEST(Plan, WhatWasAskedForByNameAndCannotBeDoneIsRefused) {
  RunRequest asked = request();
  asked.scenarios = {"contention"};
  const auto plan = make_plan(asked, catalogue(), &kKernel);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().kind, ErrorKind::config);
  EXPECT_THAT(plan.error().what, HasSubstr("needs 'smp'"));
}

TEST(Plan, TimedTakesKvmOnlyWhereItWorks) {
  RunRequest asked = request();
  asked.mode = Mode::timed;
  Catalogue there = catalogue();
  const Plan slow = make_plan(asked, there, &kKernel).value();
  EXPECT_EQ(slow.machine.name, "qemu-tcg");
  EXPECT_EQ(slow.boots.size(), 15U);
  there.kvm_usable = true;
  EXPECT_EQ(make_plan(asked, there, &kKernel).value().machine.name, "qemu-kvm");
  asked.machine = "qemu-exact";
  EXPECT_EQ(make_plan(asked, there, &kKernel).error().kind, ErrorKind::config);
}

TEST(Plan, PerturbationsAreAppliedToEveryScenario) {
  RunRequest asked = request();
  asked.perturb = 2;
  asked.boots = 2;
  const Plan plan = make_plan(asked, catalogue(), &kKernel).value();
  EXPECT_EQ(plan.boots.size(), 2U * 3 * 2);
  EXPECT_EQ(plan.boots[2].perturbation, 1);
  EXPECT_EQ(plan.boots[11].repeat, 1);
}

TEST(Plan, BlackBoxesRunNoScenario) {
  RunRequest asked;
  asked.subject.image = "./thing.img";
  asked.markers = {"one", "two"};
  const Plan plan = make_plan(asked, catalogue(), nullptr).value();
  EXPECT_TRUE(plan.black_box);
  EXPECT_EQ(plan.machine.name, "qemu-tcg");
  EXPECT_THAT(names(plan), ElementsAre(kBlackBox));
  asked.scenarios = {"syscall"};
  EXPECT_FALSE(make_plan(asked, catalogue(), nullptr).ok());
}

TEST(Plan, BadRequestsAreRefused) {
  RunRequest asked = request();
  asked.scenarios = {"syscal"};
  EXPECT_THAT(make_plan(asked, catalogue(), &kKernel).error().what, HasSubstr("did you mean 'syscall'"));
  asked = request();
  asked.machine = "qemu-exakt";
  EXPECT_THAT(make_plan(asked, catalogue(), &kKernel).error().what, HasSubstr("did you mean 'qemu-exact'"));
  asked = request();
  asked.boots = -1;
  EXPECT_FALSE(make_plan(asked, catalogue(), &kKernel).ok());
  asked = request();
  asked.markers = {"x"};
  EXPECT_FALSE(make_plan(asked, catalogue(), &kKernel).ok());
}

TEST(Plan, TheRunningKernelIsMeasuredWhereItRunsAsItIsAndNothingElseIs) {
  Catalogue there = catalogue();
  there.machines.push_back(machine("host", "native", {"guest_program", "running_kernel", "timed"}));
  there.scenarios.push_back(scenario("footprint", 10, true, {"boot"}));
  Kernel running{.name = "host"};
  running.source.kind = SourceKind::running;
  RunRequest asked;
  asked.subject.kernel = "host";
  const Plan plan = make_plan(asked, there, &running).value();
  EXPECT_EQ(plan.machine.name, "host");
  EXPECT_EQ(plan.mode, "timed");
  EXPECT_TRUE(plan.on_running_kernel());
  EXPECT_THAT(describe_plan(plan), HasSubstr("footprint        needs 'boot'"));

  const auto refusal = [&](const RunRequest& request, const Kernel& kernel) {
    const auto made = make_plan(request, there, &kernel);
    return made.ok() ? std::string("planned") : made.error().what;
  };
  RunRequest elsewhere = asked;
  elsewhere.machine = "qemu-exact";
  EXPECT_THAT(refusal(elsewhere, running), HasSubstr("'qemu-exact' cannot boot it"));
  RunRequest other = request();
  other.machine = "host";
  EXPECT_THAT(refusal(other, kKernel), HasSubstr("boots nothing"));
  RunRequest changed = asked;
  changed.subject.sysctls = {{"vm.x", "1"}};
  EXPECT_THAT(refusal(changed, running), HasSubstr("measured as it is"));
  changed = asked;
  changed.perturb = 1;
  EXPECT_THAT(refusal(changed, running), HasSubstr("measured as it is"));
}

TEST(Plan, TheSameRequestGivesTheSamePlan) {
  RunRequest asked = request();
  asked.perturb = 5;
  asked.subject.append = {"a=b"};
  asked.subject.sysctls = {{"vm.x", "1"}};
  asked.label = "l";
  const RunRequest again = request_from_json(request_to_json(asked), "request.json").value();
  EXPECT_EQ(request_to_json(again), request_to_json(asked));
  EXPECT_EQ(plan_to_json(make_plan(again, catalogue(), &kKernel).value()),
            plan_to_json(make_plan(asked, catalogue(), &kKernel).value()));
  EXPECT_FALSE(request_from_json("{}", "request.json").ok());
  EXPECT_FALSE(request_from_json(R"({"schema":1,"mode":"exact","subject":{"append":1}})", "request.json").ok());
}

TEST(Perturbation, APureFunctionThatNeverRepeatsItself) {
  EXPECT_EQ(perturbation(0).kind, "none");
  std::set<std::string> seen;
  std::set<std::string> kinds;
  for (int index = 0; index < 40; ++index) {
    const Perturbation change = perturbation(index);
    EXPECT_EQ(change.index, index);
    EXPECT_EQ(perturbation(index).append, change.append);
    kinds.insert(change.kind);
    seen.insert(change.description);
  }
  EXPECT_EQ(seen.size(), 40U);
  EXPECT_EQ(kinds.size(), 4U);
}

}  // namespace
}  // namespace aios
