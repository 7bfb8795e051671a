// SPDX-License-Identifier: Apache-2.0
#include "harness/run/execute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>

#include "harness/run/testing/scripted_lab.h"
#include "harness/support/json.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using testing::good_boot;
using ::testing::HasSubstr;
using testing::Lab;
using testing::ScriptedBoot;

ScriptedBoot ends_with(FakeScript script) {
  script.report.fidelity = Fidelity::exact;
  return {std::move(script), testing::counts_head()};
}

ScriptedBoot panicking() {
  FakeScript script;
  script.say("Linux version 6.12\n").say("Kernel panic - not syncing: VFS: nothing\n");
  script.say("---[ end Kernel panic - not syncing: VFS: nothing ]---\n");
  return ends_with(std::move(script));
}

ScriptedBoot dying_machine() {
  FakeScript script;
  MachineEvent gone;
  gone.kind = EventKind::ended;
  gone.text = "qemu: out of memory";
  script.say("Linux version 6.12\n");
  script.steps.push_back({std::chrono::milliseconds(1), gone});
  return ends_with(std::move(script));
}

ScriptedBoot unable_to_start() {
  FakeScript script;
  script.boot_error = infra_fault("cannot fork");
  return ends_with(std::move(script));
}

class ExecuteTest : public ::testing::Test {
 protected:
  Result<RunRecord> run() { return execute_run(lab_.plan_, lab_.request_, lab_.kernel_, lab_.env()); }
  Lab lab_;
};

TEST_F(ExecuteTest, AGoodRunIsCompleteSealedAndReadBack) {
  lab_.plan_scenarios({"syscall", "page_fault"});
  lab_.scripts = {good_boot("syscall"), good_boot("page_fault", 6945)};
  const RunRecord record = run().value();
  EXPECT_EQ(record.outcome, "complete");
  ASSERT_EQ(record.samples.size(), 2U);
  const Sample& sample = record.samples[1];
  EXPECT_EQ(sample.metric, "page_fault.null");
  EXPECT_EQ(sample.scenario, "page_fault");
  EXPECT_EQ(sample.unit, Unit::instructions);
  EXPECT_EQ(sample.value, 6940);  // what measuring costs is off
  EXPECT_EQ(sample.overhead, 5);
  EXPECT_EQ(sample.boot, 1);
  EXPECT_EQ(sample.interrupted_iterations, 1);
  EXPECT_EQ(sample.maximum, 7030);
  EXPECT_THAT(sample.values, ElementsAre(RunLength{6940, 9}, RunLength{7030, 1}));
  EXPECT_EQ(record.boots[0].total_instructions, 9000);
  EXPECT_EQ(record.boots[0].end_state, "finished");
  EXPECT_TRUE(lab_.store_.verify(record.provenance.run).ok());
  EXPECT_EQ(run_to_json(lab_.store_.read_run(record.provenance.run)->run), run_to_json(record));
  EXPECT_THAT(read_file(lab_.store_.run_folder(record.provenance.run) / record.boots[0].logs.at("console")).value(),
              HasSubstr("Linux version"));
}

TEST_F(ExecuteTest, TwoRunsDifferInTheProvenanceOnly) {
  lab_.plan_scenarios({"syscall"});
  std::vector<Json> runs;
  for (int i = 0; i < 2; ++i) {
    lab_.scripts = {good_boot("syscall")};
    runs.push_back(parse_json(run_to_json(run().value()), "run").value());
    lab_.clock_.advance(std::chrono::hours(5));
  }
  EXPECT_NE(runs[0], runs[1]);
  for (Json& json : runs) json.erase("provenance");
  EXPECT_EQ(runs[0], runs[1]);
}

TEST_F(ExecuteTest, APanicIsTheKernelsFaultWithEvidenceAndEndsTheRun) {
  lab_.plan_scenarios({"boot", "syscall"});
  ScriptedBoot script = panicking();
  script.counts = "{\"type\":\"header\",\"schema\":1,\"classes\":[\"instructions\"]}\n";  // PID 1 was not reached
  lab_.scripts = {script};
  const RunRecord record = run().value();
  EXPECT_EQ(record.outcome, "failed");
  ASSERT_EQ(record.boots.size(), 1U);  // further boots would only fail alike
  EXPECT_EQ(record.boots[0].end_state, "panic");
  EXPECT_EQ(record.boots[0].error_kind, "kernel_fault");
  EXPECT_THAT(record.boots[0].error, HasSubstr("VFS: nothing"));
  EXPECT_TRUE(record.boots[0].logs.contains("evidence"));
  EXPECT_TRUE(record.samples.empty());
}

TEST_F(ExecuteTest, AHangAfterPidOneDoesNotStopTheOtherScenarios) {
  lab_.plan_scenarios({"syscall", "ipc"});
  FakeScript hang;
  hang.say("Linux version 6.12\n" + testing::hello_frame());
  lab_.scripts = {ends_with(std::move(hang)), good_boot("ipc")};
  const RunRecord record = run().value();
  EXPECT_EQ(record.outcome, "failed");
  ASSERT_EQ(record.boots.size(), 2U);
  EXPECT_EQ(record.boots[0].end_state, "hang");
  EXPECT_EQ(record.boots[0].error, "it said something, and then nothing more came");  // no times: two runs agree in it
  EXPECT_TRUE(record.boots[1].ok);
}

TEST_F(ExecuteTest, TheLabsFaultsAreRetriedCountedAndRecorded) {
  lab_.plan_scenarios({"syscall"});
  lab_.scripts = {dying_machine(), unable_to_start(), good_boot("syscall")};
  const RunRecord record = run().value();
  EXPECT_EQ(record.outcome, "complete");
  EXPECT_EQ(record.boots[0].attempts, 3);
  lab_.scripts = {dying_machine(), dying_machine(), dying_machine()};
  const RunRecord lost = run().value();
  EXPECT_EQ(lost.outcome, "infra");
  EXPECT_EQ(lost.boots[0].error_kind, "infra_fault");
}

TEST_F(ExecuteTest, SilenceIsBlamedOnTheKernelOnlyWhenAnotherOneBoots) {
  lab_.plan_scenarios({"syscall"});
  for (const bool good : {true, false}) {
    lab_.scripts = {ends_with(FakeScript())};
    RunEnv env = lab_.env();
    int asked = 0;
    env.known_good = [&]() -> Status {
      ++asked;
      if (good) return {};
      return infra_fault("nothing boots here");
    };
    const RunRecord record = execute_run(lab_.plan_, lab_.request_, lab_.kernel_, env).value();
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(record.boots[0].end_state, "silence");
    EXPECT_EQ(record.outcome, good ? "failed" : "infra");
  }
}

TEST_F(ExecuteTest, AProcessorThatDoesNotSuitIsAWrongChoiceWithEvidence) {
  lab_.plan_scenarios({"syscall", "ipc"});
  FakeScript script;
  script.say("This kernel requires an x86-64 CPU, but only detected an i686 CPU.\n");
  lab_.scripts = {ends_with(std::move(script))};
  const auto refused = run();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_THAT(refused.error().what, HasSubstr("wrong_cpu"));
  const RunSummary stored = lab_.store_.list().value().at(0);
  EXPECT_THAT(refused.error().hint, HasSubstr(stored.id));
  EXPECT_EQ(stored.outcome, "config");
  EXPECT_TRUE(stored.sealed);
  EXPECT_EQ(stored.boots, 1);
  EXPECT_TRUE(lab_.store_.verify(stored.id).ok());
}

TEST_F(ExecuteTest, ATornFrameCostsTheBootItsSamples) {
  lab_.plan_scenarios({"syscall"});
  ScriptedBoot boot = good_boot("syscall");
  std::string& text = boot.script.steps[0].event.text;
  text.replace(text.find("syscall.null"), 7, "printk\n");
  lab_.scripts = {boot};
  const RunRecord record = run().value();
  EXPECT_EQ(record.outcome, "infra");
  EXPECT_TRUE(record.samples.empty());
  EXPECT_THAT(record.boots[0].error, HasSubstr("damaged"));
}

TEST_F(ExecuteTest, WhatGuestAndHostDoNotAgreeOnIsNotStored) {
  lab_.plan_scenarios({"syscall"});
  const std::string good = good_boot("syscall").counts;
  const std::pair<std::string, const char*> cases[] = {
      {testing::counts_head() + testing::region_counts(0, 10, 5), "has not seen"},
      {testing::counts_head() + testing::region_counts(0, 10, 5) + testing::region_counts(1, 9, 205), "saw 9"},
      {testing::counts_head() + testing::region_counts(7, 10, 5) + testing::region_counts(1, 10, 205), "_overhead"},
      {"", "nothing was counted"},
      {"garbage\n", "nothing was counted"}};
  for (const auto& [counts, says] : cases) {
    ScriptedBoot boot = good_boot("syscall");
    boot.counts = counts;
    lab_.scripts = {boot, boot, boot};
    const RunRecord record = run().value();
    EXPECT_EQ(record.outcome, "infra") << says;
    EXPECT_THAT(record.boots[0].error, HasSubstr(says));
    EXPECT_TRUE(record.samples.empty());
  }
}

TEST_F(ExecuteTest, ACrashedScenarioIsReportedAndTheOthersGoOn) {
  lab_.plan_scenarios({"syscall"});
  FakeScript script;
  script.say(
      testing::hello_frame() + testing::frame("begin", [](auto& f) { f.text("scenario", "syscall"); }) +
      testing::frame("end", [](auto& f) { f.text("scenario", "syscall").integer("exit", 0).integer("signal", 11); }) +
      testing::frame("done", [](auto&) {}));
  lab_.scripts = {ends_with(std::move(script))};
  const RunRecord record = run().value();
  EXPECT_EQ(record.outcome, "failed");
  EXPECT_TRUE(record.boots[0].ok);
  EXPECT_THAT(record.boots[0].scenarios_failed, ElementsAre("syscall"));
  EXPECT_THAT(record.boots[0].notes, ElementsAre(HasSubstr("signal 11")));
}

TEST_F(ExecuteTest, ACancelledRunIsKeptAndResumed) {
  lab_.plan_scenarios({"syscall", "ipc", "process"});
  lab_.scripts = {good_boot("syscall"), good_boot("ipc"), good_boot("process")};
  lab_.before_boot = [&] {
    if (lab_.boots == 2) lab_.cancel_.cancel();
  };
  const auto stopped = run();
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().kind, ErrorKind::interrupted);
  const std::string id = lab_.store_.list().value().at(0).id;
  EXPECT_EQ(lab_.store_.read_run(id)->run.boots.size(), 1U);
  EXPECT_THAT(stopped.error().hint, HasSubstr(id));

  CancelToken fresh;
  RunEnv env = lab_.env();
  env.cancel = &fresh;
  lab_.before_boot = nullptr;
  lab_.scripts = {good_boot("ipc"), good_boot("process")};
  const RunRecord record = resume_run(id, lab_.plan_, lab_.kernel_, env).value();
  EXPECT_EQ(record.outcome, "complete");
  EXPECT_EQ(record.boots.size(), 3U);
  EXPECT_EQ(record.samples.size(), 3U);
  EXPECT_TRUE(lab_.store_.verify(id).ok());
  EXPECT_EQ(resume_run(id, lab_.plan_, lab_.kernel_, env).error().kind, ErrorKind::config);
}

TEST_F(ExecuteTest, AnotherPlanOrAnotherKernelIsNotResumed) {
  lab_.plan_scenarios({"syscall", "ipc"});
  lab_.scripts = {good_boot("syscall")};
  ASSERT_FALSE(run().ok());  // no script for the second boot: a config error
  const std::string id = lab_.store_.list().value().at(0).id;
  lab_.scripts = {good_boot("ipc")};
  ASSERT_TRUE(write_file_atomic(lab_.kernel_.image, "another kernel").ok());
  EXPECT_THAT(resume_run(id, lab_.plan_, lab_.kernel_, lab_.env()).error().what, HasSubstr("'kernel' is another"));
  ASSERT_TRUE(write_file_atomic(lab_.kernel_.image, "kernel").ok());
  lab_.plan_.append = {"more=1"};
  EXPECT_THAT(resume_run(id, lab_.plan_, lab_.kernel_, lab_.env()).error().what, HasSubstr("has changed since"));
}

TEST_F(ExecuteTest, WhatNeverBootedLeavesNothingBehind) {
  lab_.plan_scenarios({"syscall"});
  EXPECT_EQ(run().error().kind, ErrorKind::config);  // no script
  lab_.cancel_.cancel();
  EXPECT_EQ(run().error().kind, ErrorKind::interrupted);
  EXPECT_TRUE(fs::is_empty(lab_.store_.runs()));
}

TEST_F(ExecuteTest, KilledInTheMiddleItLosesOnlyTheBootInFlight) {
  lab_.plan_scenarios({"syscall", "ipc", "process"});
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    lab_.scripts = {good_boot("syscall"), good_boot("ipc"), good_boot("process")};
    RunEnv env = lab_.env();
    env.on_boot = [&](const BootRecord& boot, const std::vector<Sample>&) {
      if (boot.index != 1) return;
      [[maybe_unused]] const ssize_t sent = ::write(told[1], "x", 1);
      ::pause();
    };
    (void)execute_run(lab_.plan_, lab_.request_, lab_.kernel_, env).ok();
    ::_exit(1);
  }
  char byte = 0;
  ASSERT_EQ(::read(told[0], &byte, 1), 1);
  EXPECT_EQ(lab_.store_.list().value().at(0).outcome, "running");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  const RunSummary left = lab_.store_.list().value().at(0);
  EXPECT_EQ(left.outcome, "interrupted");
  EXPECT_EQ(left.boots, 2);
  lab_.scripts = {good_boot("process")};
  const RunRecord record = resume_run(left.id, lab_.plan_, lab_.kernel_, lab_.env()).value();
  EXPECT_EQ(record.outcome, "complete");
  EXPECT_EQ(record.samples.size(), 3U);
  ::close(told[0]);
  ::close(told[1]);
}

TEST_F(ExecuteTest, SamplesAreOnDiskBeforeTheyAreShown) {
  lab_.plan_scenarios({"syscall"});
  lab_.scripts = {good_boot("syscall")};
  RunEnv env = lab_.env();
  bool shown = false;
  env.on_boot = [&](const BootRecord&, const std::vector<Sample>& samples) {
    shown = true;
    const auto stored = read_bundle(lab_.store_.run_folder(lab_.store_.list().value().at(0).id));
    EXPECT_EQ(stored->run.samples.size(), samples.size());
  };
  ASSERT_TRUE(execute_run(lab_.plan_, lab_.request_, lab_.kernel_, env).ok());
  EXPECT_TRUE(shown);
}

TEST_F(ExecuteTest, ABlackBoxIsJudgedByItsMarkers) {
  lab_.plan_.black_box = true;
  lab_.plan_.mode = "timed";
  lab_.plan_.machine.abilities = {"console", "floppy"};
  lab_.plan_scenarios({kBlackBox});
  lab_.plan_.markers = {"one", "two"};
  std::string floppy(1440 * 1024, '\0');
  floppy[510] = '\x55';
  floppy[511] = '\xaa';
  ASSERT_TRUE(write_file_atomic(lab_.kernel_.image, floppy).ok());
  FakeScript good;
  good.say("one\n").say("two\n");
  lab_.scripts = {{std::move(good), ""}};
  const RunRecord record = run().value();
  EXPECT_EQ(record.outcome, "complete") << record.boots[0].error;
  EXPECT_EQ(samples_of(record, "black_box.alive").at(0)->value, 1);
  EXPECT_GT(samples_of(record, "black_box.wall_to_last_marker").at(0)->value, 0);
  FakeScript bad;
  bad.say("two\n").say("one\n").happen(EventKind::triple_fault);
  lab_.scripts = {{std::move(bad), ""}};
  const RunRecord failed = run().value();
  EXPECT_EQ(failed.outcome, "failed");
  EXPECT_EQ(failed.boots[0].end_state, "triple_fault");
  FakeScript falls_silent;
  falls_silent.say("one\n");
  lab_.scripts = {{std::move(falls_silent), ""}};
  EXPECT_EQ(run().value().boots.at(0).end_state, "hang");
  lab_.plan_.markers.clear();
  lab_.kernel_.linux_kernel = false;  // as nothing is known of an image
  lab_.scripts = {panicking()};
  EXPECT_EQ(run().value().boots.at(0).end_state, "panic");
}

}  // namespace
}  // namespace aios
