// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/conditions.h"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <charconv>

#include "harness/machine/host/hardware_counters.h"
#include "harness/machine/host/time_stamp_counter.h"
#include "harness/support/text.h"

namespace aios::host {
namespace {

constexpr std::uint64_t kMostOfAFile = 1U << 20;
constexpr const char* kNotShown = "not shown by this host";

// One line of a small file, or nothing.
std::string line_of(const fs::path& file) {
  const Result<std::string> text = read_file(file, kMostOfAFile);
  return text.ok() ? printable(trim(split(*text, '\n').front())) : std::string();
}

std::string field_of(const std::string& text, std::string_view name) {
  for (const std::string& line : split(text, '\n')) {
    const auto colon = line.find(':');
    if (colon != std::string::npos && trim(line.substr(0, colon)) == name)
      return std::string(trim(line.substr(colon + 1)));
  }
  return {};
}

std::string turbo_of(const fs::path& cpus) {
  if (const std::string off = line_of(cpus / "intel_pstate/no_turbo"); !off.empty()) return off == "0" ? "on" : "off";
  if (const std::string on = line_of(cpus / "cpufreq/boost"); !on.empty()) return on == "0" ? "off" : "on";
  return {};
}

std::string smt_of(const fs::path& cpus) {
  const std::string active = line_of(cpus / "smt/active");
  return active.empty() ? "" : active == "0" ? "off" : "on";
}

// In order of name, so that two hosts alike say the same.
std::string mitigations_of(const fs::path& folder) {
  std::map<std::string, std::string> found;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    const std::string state = line_of(it->path());
    if (!state.empty() && state != "Not affected") found[it->path().filename().string()] = state;
  }
  std::string out;
  for (const auto& [name, state] : found) out += fmt::format("{}{}: {}", out.empty() ? "" : "; ", name, state);
  return out;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc() && read.ptr == end && value >= 0 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<int> parse_processors(std::string_view text) {
  constexpr int kMost = 8192;
  std::vector<int> out;
  for (const std::string& part : split(trim(text), ',')) {
    const auto dash = part.find('-');
    const auto first = number(std::string_view(part).substr(0, dash));
    const auto last = dash == std::string::npos ? first : number(std::string_view(part).substr(dash + 1));
    if (!first || !last) continue;
    for (int i = *first; i <= std::min(*last, kMost); ++i) out.push_back(i);
  }
  return out;
}

std::string processors_text(const std::vector<int>& processors) {
  std::string out;
  for (std::size_t i = 0; i < processors.size(); ++i) {
    const std::size_t begin = i;
    while (i + 1 < processors.size() && processors[i + 1] == processors[i] + 1) ++i;
    out += fmt::format("{}{}", out.empty() ? "" : ",", processors[begin]);
    if (i > begin) out += fmt::format("-{}", processors[i]);
  }
  return out;
}

std::vector<int> allowed_processors() {
  std::vector<int> out;
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return {0};
  for (int i = 0; i < CPU_SETSIZE; ++i) {
    if (CPU_ISSET(i, &set)) out.push_back(i);
  }
  return out;
}

std::vector<int> isolated_processors(const fs::path& root) {
  return parse_processors(line_of(root / "sys/devices/system/cpu/isolated"));
}

std::string processor_model(const fs::path& root) {
  const Result<std::string> info = read_file(root / "proc/cpuinfo", kReadLimit);
  return info.ok() ? printable(field_of(*info, "model name")) : std::string();
}

int choose_processor(const std::vector<int>& allowed, const std::vector<int>& isolated) {
  for (const int processor : allowed) {
    if (std::find(isolated.begin(), isolated.end(), processor) != isolated.end()) return processor;
  }
  return allowed.empty() ? 0 : allowed.back();
}

Conditions read_conditions(const fs::path& root) {
  const fs::path cpus = root / "sys/devices/system/cpu";
  Conditions out;
  out.allowed = allowed_processors();
  const std::vector<int> isolated = isolated_processors(root);
  out.processor = choose_processor(out.allowed, isolated);
  out.isolated = std::find(isolated.begin(), isolated.end(), out.processor) != isolated.end();
  out.processor_model = processor_model(root);
  if (const Result<std::string> info = read_file(root / "proc/cpuinfo", kReadLimit); info.ok()) {
    const auto flags = split_words(field_of(*info, "flags"));
    out.virtual_machine = std::find(flags.begin(), flags.end(), "hypervisor") != flags.end();
  }
  out.clock_source = line_of(root / "sys/devices/system/clocksource/clocksource0/current_clocksource");
  out.governor = line_of(cpus / fmt::format("cpu{}/cpufreq/scaling_governor", out.processor));
  out.turbo = turbo_of(cpus);
  out.smt = smt_of(cpus);
  out.mitigations = mitigations_of(cpus / "vulnerabilities");
  const auto load = split_words(line_of(root / "proc/loadavg"));
  double value = 0;
  if (!load.empty() && std::from_chars(load[0].data(), load[0].data() + load[0].size(), value).ec == std::errc()) {
    out.load = value;
  }
  out.tsc_hz = calibrate_tsc();
  out.no_counters = HardwareCounters::for_next_child().why_not();
  return out;
}

std::map<std::string, std::string> to_map(const Conditions& conditions) {
  const auto shown = [](const std::string& text) { return text.empty() ? std::string(kNotShown) : text; };
  std::map<std::string, std::string> out;
  out["processor"] = fmt::format("{} of {}{}", conditions.processor, processors_text(conditions.allowed),
                                 conditions.isolated ? ", isolated" : "");
  out["model"] = shown(conditions.processor_model);
  out["virtual machine"] = conditions.virtual_machine ? "yes" : "no";
  out["clock source"] = shown(conditions.clock_source);
  out["governor"] = shown(conditions.governor);
  out["turbo"] = shown(conditions.turbo);
  out["smt"] = shown(conditions.smt);
  out["mitigations"] = shown(conditions.mitigations);
  out["load"] = conditions.load ? fmt::format("{:.2f}", *conditions.load) : kNotShown;
  out["time-stamp counter"] = conditions.tsc_hz ? fmt::format("{:.3f} MHz, invariant", *conditions.tsc_hz / 1e6)
                                                : "not invariant: no figure in cycles";
  out["hardware counters"] =
      conditions.no_counters.empty() ? "cycles, instructions" : "not available: " + conditions.no_counters;
  return out;
}

std::vector<std::string> doubts(const Conditions& conditions) {
  // What one more process that runs all the time adds.
  constexpr double kBusy = 1.0;
  std::vector<std::string> out;
  const auto processors = static_cast<double>(std::max<std::size_t>(1, conditions.allowed.size()));
  if (conditions.load && *conditions.load >= std::max(kBusy, processors / 2)) {
    out.push_back(fmt::format("this host is busy: a load of {:.2f} on {:.0f} processor{}", *conditions.load, processors,
                              processors == 1 ? "" : "s"));
  }
  if (conditions.allowed.size() == 1) {
    out.emplace_back("there is one processor: what measures shares it with what is measured");
  }
  if (!conditions.governor.empty() && conditions.governor != "performance") {
    out.push_back(fmt::format("the processor's frequency follows the load (governor '{}')", conditions.governor));
  }
  if (!conditions.clock_source.empty() && conditions.clock_source != "tsc") {
    out.push_back(fmt::format("the clock is '{}': reading it may cost a system call", conditions.clock_source));
  }
  return out;
}

}  // namespace aios::host
