// SPDX-License-Identifier: Apache-2.0
// The monitor without a machine: scripted consoles in a table, a clock that jumps. The name of a row tells what it
// guards.
#include "harness/machine/monitor.h"

#include <gmock/gmock.h>

#include <functional>

#include "harness/machine/fake/fake_machine.h"
#include "harness/machine/watch.h"

namespace aios {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

struct Case {
  const char* name;
  std::function<void(WatchPlan&)> plan;
  std::function<void(FakeScript&)> script;
  EndState state;
  const char* detail = "";
  bool wanted = false;
};

BootEvidence boot(const std::function<void(WatchPlan&)>& plan_it, const std::function<void(FakeScript&)>& script_it,
                  WatchHooks hooks = {}, std::unique_ptr<FakeMachine>* keep = nullptr) {
  ManualClock clock;
  WatchPlan plan;
  plan_it(plan);
  FakeScript script;
  script_it(script);
  auto machine = std::make_unique<FakeMachine>(script, clock);
  auto evidence = watch_boot(*machine, {}, plan, hooks, "", {&clock, nullptr});
  EXPECT_TRUE(evidence.ok());
  EXPECT_EQ(machine->ended, 1);
  if (keep != nullptr) *keep = std::move(machine);
  return evidence.ok() ? *evidence : BootEvidence{};
}

void markers(WatchPlan& plan, std::vector<std::string> texts) {
  plan.markers = std::move(texts);
  plan.linux_crash_rules = false;
}

const ProcessorState kResting{.ip = 0x100040, .halted = true};
const ProcessorState kSpinning{.ip = 0x100040};

const Case kCases[] = {
    {"marker-then-dwell-is-reached", [](auto& p) { markers(p, {"OK"}); }, [](auto& s) { s.say("boot OK\n"); },
     EndState::reached_markers, "alive", true},
    {"marker-in-a-prompt-without-newline", [](auto& p) { markers(p, {"login:"}); },
     [](auto& s) { s.say("tiny log").say("in: "); }, EndState::reached_markers, "", true},
    {"marker-cut-by-a-terminal-escape", [](auto& p) { markers(p, {"BOOT OK"}); },
     [](auto& s) { s.say("BO\x1b[1;31mOT OK\n"); }, EndState::reached_markers, "", true},
    {"two-equal-markers-need-two-lines",
     [](auto& p) {
       markers(p, {"ok", "ok"});
     },
     [](auto& s) { s.say("ok\n"); }, EndState::hang, "marker 2 of 2"},
    {"two-equal-markers-in-one-line",
     [](auto& p) {
       markers(p, {"ok", "ok"});
     },
     [](auto& s) { s.say("ok ok\n"); }, EndState::reached_markers, "", true},
    {"disorder-names-what-came-too-early",
     [](auto& p) {
       markers(p, {"a1", "b2", "c3"});
     },
     [](auto& s) { s.say("c3\nb2\na1\n"); }, EndState::hang, "too early came 'c3'"},
    {"markers-on-screen-and-console-are-one-list",
     [](auto& p) {
       markers(p, {"first", "second"});
     },
     [](auto& s) { s.show({"first"}).say("second\n"); }, EndState::reached_markers, "", true},
    {"a-line-that-scrolled-away-counts", [](auto& p) { markers(p, {"success"}); },
     [](auto& s) { s.show({"success"}).show({"other"}).show({"more"}); }, EndState::reached_markers, "", true},
    {"triple-fault-in-the-dwell", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) { s.say("OK\n").happen(EventKind::triple_fault, {}, milliseconds(500)); }, EndState::triple_fault},
    {"reset-after-the-dwell-is-too-late", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) { s.say("OK\n").happen(EventKind::reset, {}, milliseconds(1500)); }, EndState::reached_markers, "",
     true},
    {"power-off-where-alive-was-wanted", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) { s.say("OK\n").happen(EventKind::power_off); }, EndState::power_off},
    {"power-off-that-was-wanted",
     [](auto& p) {
       markers(p, {"OK"});
       p.wanted = WantedEnd::power_off;
     },
     [](auto& s) { s.say("OK\n").happen(EventKind::power_off); }, EndState::power_off, "", true},
    {"power-off-without-the-marker",
     [](auto& p) {
       markers(p, {"OK"});
       p.wanted = WantedEnd::power_off;
     },
     [](auto& s) { s.say("hello\n").happen(EventKind::power_off); }, EndState::power_off, "", false},
    {"microvm-reset-is-off",
     [](auto& p) {
       p.wanted = WantedEnd::power_off;
       p.reset_is_off = true;
     },
     [](auto& s) { s.say("bye\n").happen(EventKind::reset); }, EndState::power_off, "", true},
    {"microvm-linux-restart-by-triple-fault-is-off",
     [](auto& p) {
       p.wanted = WantedEnd::power_off;
       p.reset_is_off = true;
     },
     [](auto& s) { s.say("[    1.0] reboot: Restarting system\n").happen(EventKind::triple_fault); },
     EndState::power_off, "", true},
    {"microvm-triple-fault-out-of-the-blue-is-one",
     [](auto& p) {
       p.wanted = WantedEnd::power_off;
       p.reset_is_off = true;
     },
     [](auto& s) { s.say("hello\n").happen(EventKind::triple_fault); }, EndState::triple_fault},
    {"microvm-linux-that-could-only-halt-is-off",
     [](auto& p) {
       p.wanted = WantedEnd::power_off;
       p.reset_is_off = true;
     },
     [](auto& s) { s.say("[    1.0] reboot: System halted\n"); }, EndState::power_off, "halted", true},
    {"panic-settles", [](auto&) {},
     [](auto& s) { s.say("Kernel panic - not syncing: no init\n").say("Call Trace:\n"); }, EndState::panic, "no init"},
    {"panic-then-reset-is-a-panic", [](auto&) {},
     [](auto& s) { s.say("Kernel panic - not syncing: x\n").happen(EventKind::reset); }, EndState::panic},
    {"panic-text-in-the-last-half-line", [](auto&) {},
     [](auto& s) { s.say("Kernel panic - not syncing: cut").happen(EventKind::reset); }, EndState::panic, "cut"},
    {"oops-then-panic-is-a-panic", [](auto&) {},
     [](auto& s) {
       s.say("BUG: kernel NULL pointer dereference, address: 0\n").say("Kernel panic - not syncing: Fatal exception\n");
     },
     EndState::panic, "Fatal exception"},
    {"late-oops-in-the-dwell", [](auto& p) { p.markers = {"OK"}; },
     [](auto& s) { s.say("OK\n").say("Oops: 0002 [#1]\nRIP: 0010:f+1\n", milliseconds(700)); }, EndState::oops, "0002"},
    {"late-oops-after-finished", [](auto& p) { p.wanted = WantedEnd::finished; },
     [](auto& s) { s.say("@AB1 done\n").say("Oops: 0002 [#1]\n"); }, EndState::oops},
    {"oops-then-power-off-is-an-oops", [](auto& p) { p.wanted = WantedEnd::finished; },
     [](auto& s) { s.say("Oops: 0002 [#1]\n").say("@AB1 done\n").happen(EventKind::power_off); }, EndState::oops},
    {"a-programs-fault-is-no-oops", [](auto& p) { p.markers = {"OK"}; },
     [](auto& s) { s.say("traps: x[7] general protection fault ip:4\nOK\n"); }, EndState::reached_markers, "", true},
    {"no-panic-rule-for-a-black-box",
     [](auto& p) {
       markers(p, {"Xen", "Panic on CPU 0"});
     },
     [](auto& s) { s.say("Xen 4\nPanic on CPU 0\nKernel panic - not syncing\n"); }, EndState::reached_markers, "",
     true},
    {"finished-then-quiet", [](auto& p) { p.wanted = WantedEnd::finished; }, [](auto& s) { s.say("@AB1 done\n"); },
     EndState::finished, "", true},
    {"finished-then-power-off", [](auto& p) { p.wanted = WantedEnd::finished; },
     [](auto& s) { s.say("@AB1 done\n").happen(EventKind::power_off); }, EndState::finished, "", true},
    {"power-off-before-finished", [](auto& p) { p.wanted = WantedEnd::finished; },
     [](auto& s) { s.say("@AB1 more\n").happen(EventKind::power_off); }, EndState::power_off},
    {"silence-while-it-spins", [](auto&) {}, [](auto& s) { s.diagnosis.samples = {kSpinning}; }, EndState::silence,
     "running at"},
    {"silence-but-at-rest-is-alive", [](auto&) {},
     [](auto& s) {
       s.diagnosis.samples = {kResting, kResting};
     },
     EndState::alive_but_invisible, "halted"},
    {"at-rest-in-the-firmware-is-silence", [](auto&) {},
     [](auto& s) { s.diagnosis.samples = {ProcessorState{.ip = 0xfd2a1, .halted = true}}; }, EndState::silence},
    {"at-rest-only-now-and-then-is-silence", [](auto&) {},
     [](auto& s) {
       s.diagnosis.samples = {kResting, kSpinning};
     },
     EndState::silence},
    {"firmware-chatter-is-no-word-of-the-kernel", [](auto&) {},
     [](auto& s) {
       s.show({"SeaBIOS (version 1.16.2)"}).show({"SeaBIOS (version 1.16.2)", "Booting from ROM..."});
     },
     EndState::silence},
    {"a-kernel-on-the-firmwares-line-speaks", [](auto& p) { markers(p, {"Hello"}); },
     [](auto& s) { s.show({"Booting from ROM..Hello"}); }, EndState::reached_markers, "", true},
    {"half-a-firmware-line-is-no-word-of-the-kernel", [](auto&) {},
     [](auto& s) { s.show({"W"}).show({"Press any key to"}).show({"err"}); }, EndState::silence},
    {"half-a-line-and-then-nothing-is-a-hang", [](auto& p) { markers(p, {"OK"}); }, [](auto& s) { s.say("start"); },
     EndState::hang},
    {"output-without-end-and-progress-is-the-deadline", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) {
       for (int i = 0; i < 200; ++i) s.say("tick\n", milliseconds(1000));
     },
     EndState::deadline, "the last output came 0"},
    {"frames-are-progress",
     [](auto& p) {
       p.wanted = WantedEnd::finished;
       p.deadline = std::chrono::minutes(10);
     },
     [](auto& s) {
       for (int i = 0; i < 20; ++i) s.say("@AB1 more\n", milliseconds(20'000));
       s.say("@AB1 done\n");
     },
     EndState::finished, "", true},
    {"grub-says-error", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) {
       s.show({"Welcome to GRUB!"}).show({"error: file `/boot/k' not found.", "Press any key to continue..."});
     },
     EndState::loader_refusal, "/boot/k"},
    {"grub-says-error-and-finds-another", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) { s.show({"error: no such device: root."}).say("hello\nOK\n", milliseconds(200)); },
     EndState::reached_markers, "", true},
    {"firmware-finds-nothing", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) {
       s.show({"Booting from Hard Disk...", "Boot failed: not a bootable disk"}).show({"No bootable device."});
     },
     EndState::loader_refusal, "No bootable device"},
    {"a-kernels-own-error-line-is-no-refusal", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) { s.say("kernel 1.0\nerror: no disk\nOK\n"); }, EndState::reached_markers, "", true},
    {"wrong-processor", [](auto& p) { markers(p, {"OK"}); },
     [](auto& s) { s.show({"This kernel requires an x86-64 CPU, but only detected an i686 CPU."}); },
     EndState::wrong_cpu, "i686"},
    {"connection-lost", [](auto&) {}, [](auto& s) { s.say("hi\n").happen(EventKind::lost, "socket closed"); },
     EndState::lost_connection, "socket closed"},
    {"emulator-died", [](auto&) {}, [](auto& s) { s.say("hi\n").happen(EventKind::ended, "killed by signal 9"); },
     EndState::machine_died, "signal 9"},
    {"kvm-gave-up", [](auto&) {}, [](auto& s) { s.happen(EventKind::gave_up, "KVM internal error. Suberror: 1"); },
     EndState::machine_died, "Suberror"},
    {"too-many-bytes", [](auto& p) { p.bounds.bytes = 1000; }, [](auto& s) { s.say(std::string(2000, 'x') + "\n"); },
     EndState::flood},
    {"too-many-lines", [](auto& p) { p.bounds.lines = 100; }, [](auto& s) { s.say(std::string(200, '\n')); },
     EndState::flood},
    {"too-many-lines-a-second-for-too-long",
     [](auto& p) {
       p.bounds.lines_per_second = 50;
       p.deadline = std::chrono::hours(1);
     },
     [](auto& s) {
       for (int i = 0; i < 3000; ++i) s.say("l\n");
     },
     EndState::flood, "a second"},
    {"no-marker-asked-and-at-rest", [](auto&) {}, [](auto& s) { s.say("hello\n"); }, EndState::reached_markers,
     "no marker", true},
    {"exit-code", [](auto& p) { p.wanted = WantedEnd::guest_exit; },
     [](auto& s) {
       s.say("x\n");
       s.steps.push_back({milliseconds(1), {.kind = EventKind::guest_exit, .code = 7}});
     },
     EndState::guest_exit, "code 7", true},
};

TEST(Monitor, EveryCase) {
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    WatchHooks hooks;
    hooks.on_frame = [](std::string_view line, Duration) {
      return line.find("done") != std::string_view::npos ? FrameVerdict::finished : FrameVerdict::progress;
    };
    const auto e = boot(c.plan, c.script, hooks);
    EXPECT_EQ(to_string(e.state), to_string(c.state)) << e.detail;
    EXPECT_THAT(e.detail, HasSubstr(c.detail));
    EXPECT_EQ(e.wanted, c.wanted);
    EXPECT_EQ(judge_end(e, c.name).ok(), c.wanted);
  }
}

TEST(Monitor, ScaleStretchesEveryDeadline) {
  const auto plain = boot([](auto& p) { markers(p, {"OK"}); }, [](auto&) {});
  const auto slow = boot(
      [](auto& p) {
        markers(p, {"OK"});
        p.scale = 4;
      },
      [](auto&) {});
  EXPECT_EQ(plain.phases.ended * 4, slow.phases.ended);
}

TEST(Monitor, ABusyHostIsNotHeldAgainstTheKernel) {
  const auto slow_marker = [](auto& s) {
    s.starving = 0.8;
    s.say("OK\n", std::chrono::seconds(70));
  };
  EXPECT_EQ(boot([](auto& p) { markers(p, {"OK"}); }, slow_marker).state, EndState::reached_markers);
  const auto never = boot([](auto& p) { markers(p, {"OK"}); }, [](auto& s) { s.starving = 1; });
  EXPECT_EQ(never.state, EndState::silence);
  EXPECT_NEAR(seconds(never.phases.ended), 80, 1);
}

TEST(Monitor, GarbageFramesAreLog) {
  std::vector<std::string> log;
  WatchHooks hooks;
  hooks.on_frame = [](std::string_view, Duration) { return FrameVerdict::not_a_frame; };
  hooks.on_log = [&](std::string_view line, Duration) { log.emplace_back(line); };
  boot([](auto&) {}, [](auto& s) { s.say("@AB1 99 badbadba {\n"); }, hooks);
  EXPECT_THAT(log, ::testing::ElementsAre("@AB1 99 badbadba {"));
}

TEST(Monitor, AFrameInTheMiddleOfALogLineIsFoundAndTheRestIsLogged) {
  std::vector<std::string> log, frames;
  WatchHooks hooks;
  hooks.on_frame = [&](std::string_view line, Duration) {
    frames.emplace_back(line);
    return FrameVerdict::progress;
  };
  hooks.on_log = [&](std::string_view line, Duration) { log.emplace_back(line); };
  boot([](auto&) {}, [](auto& s) { s.say("[    1.2] usb: new@AB1 2 0 {}\n"); }, hooks);
  EXPECT_THAT(frames, ::testing::ElementsAre("@AB1 2 0 {}"));
  EXPECT_THAT(log, ::testing::ElementsAre("[    1.2] usb: new"));
}

TEST(Monitor, AHungMachineIsAskedBeforeItIsEnded) {
  std::unique_ptr<FakeMachine> machine;
  const auto e = boot([](auto& p) { markers(p, {"OK"}); },
                      [](auto& s) {
                        s.say("hello\n");
                        s.diagnosis = {.registers = "RIP=1", .samples = {kSpinning}};
                      },
                      {}, &machine);
  EXPECT_EQ(machine->asked, 1);
  EXPECT_EQ(e.registers, "RIP=1");
  EXPECT_THAT(e.last_lines, ::testing::ElementsAre("hello"));
}

TEST(Monitor, AGoodEndIsNotAsked) {
  std::unique_ptr<FakeMachine> machine;
  boot([](auto& p) { markers(p, {"OK"}); }, [](auto& s) { s.say("OK\n"); }, {}, &machine);
  EXPECT_EQ(machine->asked, 0);
}

TEST(Monitor, HostileBytesAreMadeHarmlessInEvidence) {
  const auto e = boot([](auto& p) { markers(p, {"OK"}); }, [](auto& s) { s.say("\x01\xff bad \x07\n"); });
  for (const auto& line : e.last_lines) {
    for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << line;
  }
}

TEST(Monitor, ALineWithoutEndIsCut) {
  const auto e = boot(
      [](auto& p) {
        markers(p, {"OK"});
        p.bounds.line_length = 100;
      },
      [](auto& s) {
        for (int i = 0; i < 1000; ++i) s.say(std::string(1000, 'a'), milliseconds(1));
      });
  EXPECT_LE(e.last_lines.back().size(), 500U);
  EXPECT_EQ(e.console_bytes, 1'000'000U);
  EXPECT_LT(e.console.size(), 400U << 10);
}

}  // namespace
}  // namespace aios
