// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/comparability.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/support/text.h"

namespace aios {
namespace {

struct KnownInput {
  std::string_view key;
  bool refused;
  std::string_view meaning;
};

constexpr std::array kKnown = {
    KnownInput{"cpu_model", true, "another processor model runs other code (alternatives, mitigations)"},
    KnownInput{"cpu_flags", true, "another set of processor features runs other code"},
    KnownInput{"machine", true, "another machine model or accelerator has other devices and counts in another way"},
    KnownInput{"devices", false, "other devices are found and set up in a boot"},
    KnownInput{"mitigations", false, "part of the difference may be what the mitigations cost"},
    KnownInput{"plugin", false, "the counting plugin is another one"},
    KnownInput{"qemu", false, "the emulator is another one"},
    KnownInput{"firmware", false, "the firmware is another one"},
    KnownInput{"toolchain", false, "the compiler is another one"},
};

// The sides of the comparison, or what follows from them.
constexpr std::array<std::string_view, 4> kSides = {"kernel", "config", "system_map", "build"};

constexpr std::string_view kModule = "module ";
constexpr std::string_view kInitramfs = "initramfs ";  // one a scenario
constexpr std::size_t kShortHash = 12;                 // several stand in one line

bool is_side(const std::string& key) {
  return key.starts_with(kModule) || std::find(kSides.begin(), kSides.end(), key) != kSides.end();
}

InputDifference difference_of(const std::string& key, const std::string& first, const std::string& second) {
  InputDifference out{.key = key, .first = first, .second = second};
  for (const KnownInput& known : kKnown) {
    if (known.key != key) continue;
    out.refused = known.refused;
    out.meaning = known.meaning;
    return out;
  }
  out.meaning = "differs between the runs";
  return out;
}

std::string value_of(const RunRecord& run, const std::string& key) {
  const auto found = run.inputs.find(key);
  return found == run.inputs.end() ? "" : found->second;
}

void add_if_different(std::vector<InputDifference>& out, const std::string& key, const std::string& first,
                      const std::string& second, bool refused, const std::string& meaning) {
  if (first != second) out.push_back({key, first, second, refused, meaning});
}

std::string joined(const std::map<std::string, std::string>& values) {
  std::vector<std::string> parts;
  parts.reserve(values.size());
  for (const auto& [key, value] : values) parts.push_back(fmt::format("{}={}", key, value));
  return join(parts, " ");
}

// "cold", "restored" or both, of one scenario's boots.
std::string starts_of(const RunRecord& run, const std::string& scenario) {
  std::set<std::string> starts;
  for (const BootRecord& boot : run.boots) {
    if (boot.scenario == scenario) starts.insert(boot.start);
  }
  return join({starts.begin(), starts.end()}, " and ");
}

void add_starts(std::vector<InputDifference>& out, const RunRecord& first, const RunRecord& second) {
  std::vector<std::string> on_first, on_second;
  for (const std::string& scenario : first.scenarios) {
    const std::string a = starts_of(first, scenario);
    const std::string b = starts_of(second, scenario);
    if (a.empty() || b.empty() || a == b) continue;
    on_first.push_back(join({scenario, a}, " "));
    on_second.push_back(join({scenario, b}, " "));
  }
  add_if_different(out, "start", join(on_first, ", "), join(on_second, ", "), false,
                   "from power-on or from a saved guest: what a scenario measures is the same, to the instruction");
}

}  // namespace

std::vector<InputDifference> input_differences(const RunRecord& first, const RunRecord& second) {
  std::vector<InputDifference> out;
  add_if_different(out, "mode", first.mode, second.mode, true, "instructions and time are never mixed");
  add_if_different(out, "machine name", first.machine, second.machine, false,
                   "the runs were made on different machines");
  add_if_different(out, "append", join(first.append, " "), join(second.append, " "), false,
                   "words added to the kernel's command line; one word alone moves a boot");
  add_if_different(out, "sysctl", joined(first.sysctls), joined(second.sysctls), false, "settings of the two sides");
  add_starts(out, first, second);
  std::set<std::string> keys;
  for (const auto& [key, value] : first.inputs) keys.insert(key);
  for (const auto& [key, value] : second.inputs) keys.insert(key);
  std::vector<std::string> initramfs_first;
  std::vector<std::string> initramfs_second;
  for (const std::string& key : keys) {
    const std::string a = value_of(first, key);
    const std::string b = value_of(second, key);
    if (a == b || is_side(key)) continue;
    if (key.starts_with(kInitramfs)) {
      if (a.empty() || b.empty()) continue;
      const std::string scenario = key.substr(kInitramfs.size());
      initramfs_first.push_back(fmt::format("{} {:.{}}", scenario, a, kShortHash));
      initramfs_second.push_back(fmt::format("{} {:.{}}", scenario, b, kShortHash));
      continue;
    }
    InputDifference difference = difference_of(key, a, b);
    // An older run that did not record it yet proves nothing either way.
    if (a.empty() || b.empty()) difference.refused = false;
    out.push_back(std::move(difference));
  }
  if (!initramfs_first.empty()) {
    out.push_back({.key = "initramfs",
                   .first = join(initramfs_first, ", "),
                   .second = join(initramfs_second, ", "),
                   .meaning = "the modules or programs that these scenarios start with are others"});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const InputDifference& a, const InputDifference& b) { return a.refused > b.refused; });
  return out;
}

}  // namespace aios
