// SPDX-License-Identifier: Apache-2.0
// Real child processes, scripted: what a program does is a shell script.
#include "harness/machine/host/host_machine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <cerrno>

#include "harness/guest/frame.h"
#include "harness/machine/host/conditions.h"
#include "harness/machine/machines.h"
#include "harness/machine/watch.h"
#include "harness/support/text.h"

namespace aios::host {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string sample_frame() {
  wire::Frame<512> frame("sample");
  frame.text("metric", "syscall.null").text("unit", "nanoseconds").number("value", 88.5).integer("iterations", 3);
  return frame.finish() ? std::string(trim({frame.data(), frame.size()})) : std::string();
}

// One run of a script on this host.
struct Script {
  explicit Script(const std::string& text) {
    const fs::path path = folder.path() / "script";
    EXPECT_TRUE(write_file_atomic(path, "#!/bin/sh\n" + text + "\n").ok());
    ::chmod(path.c_str(), 0755);
    spec.machine = machine_spec();
    spec.label = "script";
    spec.program = ProgramSpec{"syscall", path, {"one", "two words"}, folder.path() / "work"};
    plan.wanted = WantedEnd::finished;
    plan.linux_crash_rules = false;
    plan.deadline = std::chrono::seconds(20);
    hooks.on_frame = [this](std::string_view line, Duration) {
      frames.emplace_back(line);
      return line.find(R"("t":"done")") != std::string_view::npos ? FrameVerdict::finished : FrameVerdict::progress;
    };
    hooks.on_log = [this](std::string_view line, Duration) {
      log.emplace_back(line);
      if (on_line) on_line(log.back());
    };
  }

  BootEvidence run() {
    HostMachine machine({&clock, &cancel});
    return watch_boot(machine, spec, plan, hooks, folder.path(), {&clock, &cancel}).value();
  }

  std::string last_frame_but_done() const { return frames.size() < 2 ? std::string() : frames[frames.size() - 2]; }

  ScratchFolder folder = ScratchFolder::create().value();
  SystemClock clock;
  CancelToken cancel;
  BootSpec spec;
  WatchPlan plan;
  WatchHooks hooks;
  std::vector<std::string> frames, log;
  std::function<void(const std::string&)> on_line;
};

bool gone(const std::string& pid) {
  // What was killed may stand for a moment as a zombie that its new parent has not waited for.
  const Result<std::string> stat = read_file("/proc/" + pid + "/stat");
  return !stat.ok() || stat->find(") Z ") != std::string::npos || stat->find(") X ") != std::string::npos;
}

TEST(HostMachine, WhatAProgramSaysStandsBetweenTheFramesOfAGuest) {
  Script script("echo a line of its own\ncat <<'END'\n" + sample_frame() + "\nEND");
  const BootEvidence evidence = script.run();
  EXPECT_EQ(evidence.state, EndState::finished) << evidence.detail;
  EXPECT_TRUE(evidence.wanted);
  EXPECT_EQ(evidence.fidelity, Fidelity::timed);
  EXPECT_THAT(script.frames, ElementsAre(HasSubstr(R"("t":"hello")"), HasSubstr(R"("t":"ready")"),
                                         HasSubstr(R"("scenario":"syscall")"), HasSubstr("syscall.null"),
                                         HasSubstr(R"("exit":0,"signal":0)"), HasSubstr(R"("t":"done")")));
  EXPECT_THAT(script.log, ElementsAre("a line of its own"));
  EXPECT_THAT(evidence.command, HasSubstr("one 'two words'"));
}

TEST(HostMachine, TheProgramIsPinnedAndAnOrdinaryUserAndTheHarnessGetsItsProcessorsBack) {
  const auto before = allowed_processors();
  Script script("grep Cpus_allowed_list /proc/self/status\nid -u\npwd\necho $AIOS_MODE $AIOS_SCENARIO\ntouch made");
  ASSERT_TRUE(script.run().wanted);
  ASSERT_EQ(script.log.size(), 4U);
  EXPECT_EQ(split_words(script.log[0]).back(), std::to_string(choose_processor(before, isolated_processors())));
  EXPECT_NE(script.log[1], "0");
  EXPECT_EQ(script.log[2], script.spec.program->folder.string());
  EXPECT_TRUE(fs::exists(script.spec.program->folder / "made"));
  EXPECT_EQ(script.log[3], "timed syscall");
  EXPECT_EQ(allowed_processors(), before);
}

TEST(HostMachine, ACrashIsEvidenceWithItsLastWords) {
  Script script("echo about to fall >&2\nkill -SEGV $$");
  const BootEvidence evidence = script.run();
  EXPECT_EQ(evidence.state, EndState::finished);
  EXPECT_THAT(script.last_frame_but_done(),
              AllOf(HasSubstr(R"("signal":11)"), HasSubstr("Segmentation fault"), HasSubstr("about to fall")));
}

TEST(HostMachine, AnExitCodeComesWithTheReason) {
  Script script("echo 'no such thing' >&2\nexit 3");
  script.run();
  EXPECT_THAT(script.last_frame_but_done(), AllOf(HasSubstr(R"("exit":3)"), HasSubstr("no such thing")));
}

TEST(HostMachine, WhatHangsIsAskedAndEndedWithAllOfItsChildren) {
  Script script("sleep 1000 & echo $!\nsleep 1000");
  script.plan.deadline = milliseconds(400);
  script.plan.stall = milliseconds(300);
  const BootEvidence evidence = script.run();
  EXPECT_EQ(evidence.state, EndState::hang) << evidence.detail;
  EXPECT_THAT(evidence.notes, Contains(HasSubstr("sleep (")));
  EXPECT_THAT(evidence.notes, Contains(HasSubstr("were killed")));
  ASSERT_EQ(script.log.size(), 1U);
  EXPECT_TRUE(gone(script.log[0]));
}

TEST(HostMachine, WhatGoesOnAndOnMeetsItsDeadline) {
  Script script("while :; do echo again; sleep 0.02; done");
  script.plan.deadline = milliseconds(300);
  EXPECT_EQ(script.run().state, EndState::deadline);
}

TEST(HostMachine, NothingStaysBehindAProgramThatEndedWell) {
  Script script("sleep 1000 & echo $!");
  ASSERT_TRUE(script.run().wanted);
  EXPECT_TRUE(gone(script.log.at(0)));
}

TEST(HostMachine, ACancelEndsIt) {
  Script script("echo $$\nsleep 1000");
  script.on_line = [&](const std::string&) { script.cancel.cancel(); };
  EXPECT_EQ(script.run().state, EndState::cancelled);
  EXPECT_TRUE(gone(script.log.at(0)));
}

TEST(HostMachine, AFloodIsStoppedAndOnlyItsEndsAreKept) {
  Script script("exec yes \"$(printf '%0900d' 0)\"");
  script.plan.bounds.bytes = 1U << 20;
  const BootEvidence evidence = script.run();
  EXPECT_EQ(evidence.state, EndState::flood);
  EXPECT_TRUE(evidence.console_cut);
  EXPECT_LT(evidence.console.size(), 1U << 20);
}

TEST(HostMachine, WhatCannotBeRunIsRefusedBeforehand) {
  Script script("true");
  HostMachine machine({&script.clock, &script.cancel});
  script.spec.program->path = script.folder.path() / "not-there";
  const Status missing = machine.prepare(script.spec, script.folder.path());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, ErrorKind::config);
  EXPECT_THAT(missing.error().describe(), AllOf(HasSubstr("not-there"), HasSubstr("guest_programs")));
  script.spec.program.reset();
  EXPECT_THAT(machine.prepare(script.spec, script.folder.path()).error().what, HasSubstr("boots nothing"));
  EXPECT_FALSE(machine.talk("x").ok());
}

TEST(HostMachine, IsInTheListAndCannotBoot) {
  const auto spec = find_machine(built_in_machines(), "host");
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec->fidelity, Fidelity::timed);
  EXPECT_FALSE(spec->abilities.contains("boot"));
  EXPECT_FALSE(spec->abilities.contains("exact"));
  EXPECT_TRUE(find_machine(built_in_machines(), "qemu-exact")->abilities.contains("boot"));
}

}  // namespace
}  // namespace aios::host
