// SPDX-License-Identifier: Apache-2.0
#include "harness/run/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/json_fields.h"
#include "harness/run/perturbation.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kTimedBoots = 5;  // the fewest for which an exact test on ranks can say anything at 5 %
constexpr int kMaxBoots = 10'000;
constexpr double kMaxTimeout = 86'400;

Result<MachineSpec> machine_named(const Catalogue& catalogue, const std::string& name) {
  std::vector<std::string> known;
  for (const MachineSpec& machine : catalogue.machines) {
    if (machine.name == name) return machine;
    known.push_back(machine.name);
  }
  return config_error(fmt::format("there is no machine '{}'{}", name, did_you_mean(name, known)), "--machine",
                      fmt::format("known are: {}", join(known, ", ")));
}

Result<MachineSpec> first_machine(const Catalogue& catalogue, const char* accelerator) {
  for (const MachineSpec& machine : catalogue.machines) {
    if (machine.accelerator == accelerator) return machine;
  }
  return config_error(fmt::format("no machine here runs with '{}'", accelerator), "--mode", "see: aios-bench doctor");
}

bool is_running(const Kernel* kernel) { return kernel != nullptr && kernel->source.kind == SourceKind::running; }

// The kernel that runs is measured where it runs, as it is, and nothing else is.
Status check_running(const RunRequest& request, const Kernel* kernel, const Plan& plan) {
  if (!is_running(kernel)) {
    if (!plan.on_running_kernel()) return {};
    return config_error(
        fmt::format("machine '{}' boots nothing: it runs programs under the kernel that is running", plan.machine.name),
        "--machine", "the subject for it is 'host'; other kernels take another machine");
  }
  if (!plan.on_running_kernel()) {
    return config_error(
        fmt::format("'{}' is the kernel that runs here: '{}' cannot boot it", plan.name, plan.machine.name),
        "--machine", "take --machine host, or leave it out");
  }
  const char* flag = !request.subject.append.empty()    ? "--append"
                     : !request.subject.sysctls.empty() ? "--sysctl"
                     : request.perturb > 0              ? "--perturb"
                                                        : nullptr;
  if (flag == nullptr) return {};
  return config_error(fmt::format("'{}' is the kernel that runs here: it is measured as it is", plan.name), flag,
                      "leave it out");
}

Result<MachineSpec> choose_machine(const RunRequest& request, const Catalogue& catalogue, bool black_box,
                                   const Kernel* kernel) {
  if (!request.machine.empty()) return machine_named(catalogue, request.machine);
  if (is_running(kernel)) return machine_named(catalogue, "host");
  // A black box waits for people and for devices in real time, which exact mode skips over.
  const bool timed = request.mode == Mode::timed || (request.mode == Mode::automatic && black_box);
  if (!timed) return first_machine(catalogue, "tcg-icount");
  return first_machine(catalogue, catalogue.kvm_usable && !black_box ? "kvm" : "tcg");
}

Result<std::string> settle_mode(const RunRequest& request, const MachineSpec& machine) {
  const bool can = machine.abilities.contains("exact");
  if (request.mode == Mode::exact && !can) {
    return config_error(fmt::format("machine '{}' has not the ability 'exact'", machine.name), "--mode",
                        "take --machine qemu-exact, or --mode timed");
  }
  if (request.mode == Mode::timed && can) {
    return config_error(fmt::format("machine '{}' counts instructions and has no real time", machine.name), "--mode",
                        "take --machine qemu-tcg or qemu-kvm, or --mode exact");
  }
  return std::string(can ? "exact" : "timed");
}

std::string missing_ability(const Scenario& scenario, const MachineSpec& machine) {
  for (const std::string& need : scenario.needs) {
    if (!machine.abilities.contains(need)) return need;
  }
  if (!scenario.program.empty() && !machine.abilities.contains("guest_program")) return "guest_program";
  return {};
}

Status choose_scenarios(const RunRequest& request, const Catalogue& catalogue, Plan& plan) {
  const std::vector<std::string> asked =
      request.scenarios.empty() ? std::vector<std::string>{"core"} : request.scenarios;
  std::vector<std::string> known = {"core", "all"};
  for (const Scenario& scenario : catalogue.scenarios) known.push_back(scenario.name);
  const auto asks = [&](std::string_view name) { return std::find(asked.begin(), asked.end(), name) != asked.end(); };
  for (const std::string& name : asked) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return config_error(fmt::format("there is no scenario '{}'{}", name, did_you_mean(name, known)), "--scenario",
                          fmt::format("known are: {}", join(known, ", ")));
    }
  }
  for (const Scenario& scenario : catalogue.scenarios) {
    const bool grouped = asks("all") || (asks("core") && scenario.core);
    if (!grouped && !asks(scenario.name)) continue;
    const std::string missing = missing_ability(scenario, plan.machine);
    if (missing.empty()) {
      plan.scenarios.push_back(scenario);
    } else if (asks(scenario.name)) {
      return config_error(fmt::format("scenario '{}' needs '{}', which machine '{}' has not", scenario.name, missing,
                                      plan.machine.name),
                          "--scenario", "choose another --machine; aios-bench list machines says what each can do");
    } else {
      plan.left_out.push_back({scenario.name, missing});
    }
  }
  std::stable_sort(plan.scenarios.begin(), plan.scenarios.end(), [](const Scenario& a, const Scenario& b) {
    return a.order != b.order ? a.order < b.order : a.name < b.name;
  });
  if (plan.scenarios.empty()) return config_error("no scenario is left to run", "--scenario");
  return {};
}

Scenario black_box_scenario() {
  Scenario out;
  out.name = kBlackBox;
  out.description = "A kernel that speaks no protocol, seen from outside: markers, end, size";
  out.deadline_seconds = 30;
  out.metrics = {{"black_box.alive", Unit::yes_no, Direction::higher_is_better, MetricKind::yes_no,
                  "Every marker was seen in order, and the kernel was alive after the last one", kBlackBox},
                 {"black_box.wall_to_last_marker", Unit::nanoseconds, Direction::lower_is_better,
                  MetricKind::noisy_time, "Wall-clock time from starting the machine to the last marker", kBlackBox},
                 {"footprint.image_bytes", Unit::bytes, Direction::lower_is_better, MetricKind::size,
                  "Size of the image file as it is booted", kBlackBox}};
  return out;
}

Status check_bounds(const RunRequest& request) {
  const auto between = [](const char* flag, double value, double most) -> Status {
    if (value >= 0 && value <= most) return {};
    return config_error(fmt::format("{:g} is out of range", value), flag, fmt::format("0 to {:g}", most));
  };
  TRY(between("--perturb", request.perturb, 1000));
  TRY(between("--boots", request.boots, kMaxBoots));
  TRY(between("--timeout", request.timeout_seconds, kMaxTimeout));
  return {};
}

void plan_boots(const RunRequest& request, Plan& plan) {
  plan.perturbations = perturbations(request.perturb);
  const int repeats = request.boots > 0 ? request.boots : plan.exact() || plan.black_box ? 1 : kTimedBoots;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    for (const Perturbation& change : plan.perturbations) {
      for (const Scenario& scenario : plan.scenarios) {
        plan.boots.push_back({static_cast<int>(plan.boots.size()), change.index, repeat, scenario.name});
      }
    }
  }
}

}  // namespace

const Scenario* Plan::scenario(const std::string& wanted) const {
  for (const Scenario& candidate : scenarios) {
    if (candidate.name == wanted) return &candidate;
  }
  return nullptr;
}

Result<Plan> make_plan(const RunRequest& request, const Catalogue& catalogue, const Kernel* kernel) {
  TRY(check_bounds(request));
  Plan plan;
  plan.subject = request.subject.text();
  plan.name = request.subject.name();
  plan.black_box = request.subject.is_image() || (kernel != nullptr && !kernel->linux_kernel && !kernel->frames);
  plan.frames = kernel != nullptr && kernel->frames;
  plan.machine = TRY(choose_machine(request, catalogue, plan.black_box, kernel));
  TRY(check_running(request, kernel, plan));
  plan.mode = TRY(settle_mode(request, plan.machine));
  plan.append = request.subject.append;
  for (const auto& [name, value] : request.subject.sysctls) plan.sysctls.push_back(fmt::format("{}={}", name, value));
  plan.markers = !request.markers.empty() || kernel == nullptr ? request.markers : kernel->markers;
  plan.timeout_seconds = request.timeout_seconds;
  plan.label = request.label;
  plan.restore =
      !request.cold && plan.exact() && !plan.black_box && !plan.frames && plan.machine.abilities.contains("snapshot");
  if (!plan.black_box) {
    if (!request.markers.empty()) {
      return config_error("markers are for kernels that speak no protocol", "--marker",
                          "leave them out: this kernel runs aios-init and reports by itself");
    }
    TRY(choose_scenarios(request, catalogue, plan));
  } else {
    if (!request.scenarios.empty() && request.scenarios != std::vector<std::string>{"core"}) {
      return config_error("a black box runs no scenario: nothing of ours is in it", "--scenario",
                          "leave it out, and say what to look for with --marker");
    }
    if (!plan.sysctls.empty()) return config_error("a black box has no sysctl that we could set", "--sysctl");
    plan.scenarios = {black_box_scenario()};
  }
  plan_boots(request, plan);
  if (plan.boots.size() > kMaxBoots) {
    return config_error(fmt::format("that would be {} boots", plan.boots.size()), "--boots",
                        fmt::format("at most {}", kMaxBoots));
  }
  return plan;
}

std::string plan_to_json(const Plan& plan) {
  OrderedJson out;
  out["schema"] = 1;
  out["subject"] = plan.subject;
  out["mode"] = plan.mode;
  OrderedJson machine;
  machine["name"] = plan.machine.name;
  machine["backend"] = plan.machine.backend;
  machine["accelerator"] = plan.machine.accelerator;
  machine["board"] = plan.machine.board;
  machine["cpu_model"] = plan.machine.cpu_model;
  machine["cpus"] = plan.machine.cpus;
  machine["memory_mb"] = plan.machine.memory_mb;
  machine["fidelity"] = to_string(plan.machine.fidelity);
  out["machine"] = std::move(machine);
  OrderedJson scenarios = OrderedJson::array();
  for (const Scenario& scenario : plan.scenarios) {
    OrderedJson entry;
    entry["name"] = scenario.name;
    entry["program"] = scenario.program;
    entry["arguments"] = program_arguments(scenario, plan.exact());
    entry["deadline_seconds"] = json_number(scenario.deadline_seconds);
    entry["memory_mb"] = scenario.memory_mb;
    if (scenario.numa_nodes > 1) entry["numa_nodes"] = scenario.numa_nodes;
    if (!scenario.devices.empty()) entry["devices"] = scenario.devices;
    scenarios.push_back(std::move(entry));
  }
  out["scenarios"] = std::move(scenarios);
  OrderedJson left_out = OrderedJson::object();
  for (const LeftOut& entry : plan.left_out) left_out[entry.scenario] = entry.ability;
  out["left_out"] = std::move(left_out);
  out["append"] = plan.append;
  out["sysctls"] = plan.sysctls;
  out["markers"] = plan.markers;
  out["timeout_seconds"] = json_number(plan.timeout_seconds);
  out["restore"] = plan.restore;
  OrderedJson boots = OrderedJson::array();
  for (const PlannedBoot& boot : plan.boots) {
    OrderedJson entry;
    entry["index"] = boot.index;
    entry["scenario"] = boot.scenario;
    entry["perturbation"] = boot.perturbation;
    entry["repeat"] = boot.repeat;
    boots.push_back(std::move(entry));
  }
  out["boots"] = std::move(boots);
  return dump_json(out, 1) + "\n";
}

std::string describe_plan(const Plan& plan) {
  std::string out = fmt::format("{} on {}, {} mode, {} boot{}\n", plan.name, plan.machine.name, plan.mode,
                                plan.boots.size(), plan.boots.size() == 1 ? "" : "s");
  for (const PlannedBoot& boot : plan.boots) {
    const auto& change = plan.perturbations[static_cast<std::size_t>(boot.perturbation)];
    out += fmt::format("  boot {:>3}  {:<16} {}\n", boot.index, boot.scenario,
                       change.index == 0 ? "" : change.description);
  }
  for (const LeftOut& entry : plan.left_out) {
    out += fmt::format("  left out  {:<16} needs '{}'\n", entry.scenario, entry.ability);
  }
  return out;
}

}  // namespace aios
