// SPDX-License-Identifier: Apache-2.0
// A lab of scripted machines for tests: each boot takes the next script, guests speak in real frames, and the plugin's
// counts are a text that is left where the real one would leave them.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "harness/guest/frame.h"
#include "harness/machine/fake/fake_machine.h"
#include "harness/run/run_env.h"

namespace aios::testing {

struct ScriptedBoot {
  FakeScript script;
  std::string counts;
};

// A machine that leaves counts behind where its spec wants them.
class CountingFake final : public Machine {
 public:
  CountingFake(ScriptedBoot boot, ManualClock& clock)
      : counts_(std::move(boot.counts)), inner_(std::move(boot.script), clock) {}
  Status prepare(const BootSpec& spec, const fs::path& scratch) override {
    if (spec.plugin && !counts_.empty()) TRY(write_file_atomic(spec.plugin->out, counts_));
    return inner_.prepare(spec, scratch);
  }
  Status boot() override { return inner_.boot(); }
  Result<std::vector<MachineEvent>> wait(Duration at_most, int fd) override { return inner_.wait(at_most, fd); }
  Status talk(std::string_view bytes) override { return inner_.talk(bytes); }
  Diagnosis diagnose(Duration at_most, bool sysrq) override { return inner_.diagnose(at_most, sysrq); }
  EndReport end(Duration at_most) override { return inner_.end(at_most); }

 private:
  std::string counts_;
  FakeMachine inner_;
};

template <typename Fill>
std::string frame(const char* type, Fill fill) {
  wire::Frame<1024> out(type);
  fill(out);
  return out.finish() ? std::string(out.data(), out.size()) : std::string();
}

inline std::string hello_frame() {
  return frame("hello", [](auto& f) { f.integer("v", 1).text("kernel", "Linux").text("cmdline", "x"); });
}

inline std::string region_frame(int number, const char* name, int iterations) {
  return frame("region", [&](auto& f) { f.integer("n", number).text("name", name).integer("iterations", iterations); });
}

inline std::string region_counts(int number, int iterations, int median) {
  return R"({"type":"region","number":)" + std::to_string(number) + R"(,"tag":0,"complete":true,"iterations":)" +
         std::to_string(iterations) + R"(,"kept":)" + std::to_string(iterations) +
         R"(,"truncated":false,"begin":[0,0,0],"total":[)" + std::to_string(iterations * median) + R"(,0,0],"sum":[)" +
         std::to_string(iterations * median) + R"(,0,0],"median":[)" + std::to_string(median) + R"(,0,0],"min":[)" +
         std::to_string(median) + R"(,0,0],"max":[)" + std::to_string(median + 90) +
         R"(,2,0],"quiet_rule":"iret","quiet_value":0,"quiet_iterations":)" + std::to_string(iterations - 1) +
         R"(,"interrupted_iterations":1,"quiet_median":[)" + std::to_string(median) +
         R"(,0,0],"quiet_sum":[0,0,0],"runs":[[)" + std::to_string(iterations - 1) + "," + std::to_string(median) +
         ",0,0],[1," + std::to_string(median + 90) + ",2,1]]}\n";
}

inline std::string counts_head() {
  return "{\"type\":\"header\",\"schema\":1,\"classes\":[\"instructions\",\"rep_iterations\",\"hlt\"]}\n"
         "{\"type\":\"point\",\"id\":1,\"at\":[1000,0,0]}\n{\"type\":\"point\",\"id\":2,\"at\":[2000,0,0]}\n";
}
inline std::string counts_tail() { return "{\"type\":\"point\",\"id\":3,\"at\":[9000,0,0]}\n"; }

// A guest that runs `scenario` with one operation and powers off.
inline ScriptedBoot good_boot(const std::string& scenario, int median = 205) {
  ScriptedBoot out;
  const std::string metric = scenario + ".null";
  std::string text = "Linux version 6.12\n";
  text += hello_frame();
  text += frame("ready", [](auto&) {});
  text += frame("begin", [&](auto& f) { f.text("scenario", scenario.c_str()); });
  text += region_frame(0, "_overhead", 10) + region_frame(1, metric.c_str(), 10);
  text += frame("end", [&](auto& f) { f.text("scenario", scenario.c_str()).integer("exit", 0).integer("signal", 0); });
  out.script.say(text).say(frame("done", [](auto&) {})).happen(EventKind::power_off);
  out.counts = counts_head() + region_counts(0, 10, 5) + region_counts(1, 10, median) + counts_tail();
  out.script.report.fidelity = Fidelity::exact;
  out.script.report.version = "fake 1";
  return out;
}

// Everything an execution needs, in a store of its own.
class Lab {
 public:
  Lab() : store_(Store::open(scratch_.path() / "store").value()) {
    plugin_ = scratch_.path() / "plugin.so";
    kernel_.name = "aios";
    kernel_.subject = "aios";
    kernel_.image = scratch_.path() / "bzImage";
    [[maybe_unused]] const Status made[] = {write_file_atomic(plugin_, "plugin"),
                                            write_file_atomic(kernel_.image, "kernel")};
    plan_.subject = plan_.name = "aios";
    plan_.mode = "exact";
    plan_.machine.name = "fake";
    plan_.machine.backend = "fake";
    plan_.machine.abilities = {"exact", "counts", "guest_program"};
    plan_.perturbations = {Perturbation{.index = 0, .kind = "none"}};
  }

  void plan_scenarios(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      Scenario scenario;
      scenario.name = name;
      scenario.program = name == "boot" ? "" : "operations";
      plan_.scenarios.push_back(scenario);
      plan_.boots.push_back({static_cast<int>(plan_.boots.size()), 0, 0, name});
    }
  }

  RunEnv env() {
    RunEnv out;
    out.store = &store_;
    out.clock = &clock_;
    out.cancel = &cancel_;
    out.progress = &progress_;
    out.plugin = plugin_;
    out.make_initramfs = [](const Plan&, const PlannedBoot&, const fs::path& path) -> Result<ImageFile> {
      return ImageFile{path, 0, "initramfs"};
    };
    out.make_machine = [this](const MachineSpec&, const MachineEnvironment&) -> Result<std::unique_ptr<Machine>> {
      ++boots;
      if (before_boot) before_boot();
      if (scripts.empty()) return config_error("the test has no further script");
      ScriptedBoot next = std::move(scripts.front());
      scripts.pop_front();
      return std::unique_ptr<Machine>(std::make_unique<CountingFake>(std::move(next), clock_));
    };
    return out;
  }

  std::deque<ScriptedBoot> scripts;
  std::function<void()> before_boot;
  int boots = 0;

  ScratchFolder scratch_ = ScratchFolder::create("aios-bench-test").value();
  Store store_;
  ManualClock clock_;
  CancelToken cancel_;
  NoProgress progress_;
  BuiltKernel kernel_;
  Plan plan_;
  RunRequest request_;
  fs::path plugin_;
};

}  // namespace aios::testing
