// SPDX-License-Identifier: Apache-2.0
#include "harness/run/repeat.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace aios {
namespace {

using Named = std::map<std::string, std::string>;

void compare(const Named& before, const Named& after, std::vector<RunDifference>& out) {
  const auto value = [](const Named& from, const std::string& name) {
    const auto found = from.find(name);
    return found == from.end() ? std::string("(none)") : found->second;
  };
  std::set<std::string> names;
  for (const auto& entry : before) names.insert(entry.first);
  for (const auto& entry : after) names.insert(entry.first);
  for (const std::string& name : names) {
    std::string first = value(before, name);
    std::string second = value(after, name);
    if (first != second) out.push_back({name, std::move(first), std::move(second)});
  }
}

Named inputs_of(const RunRecord& run) {
  Named out;
  for (const auto& [name, hash] : run.inputs) out["input " + name] = hash;
  out["machine"] = run.machine;
  out["kernel version"] = run.kernel_version;
  return out;
}

Named boots_of(const RunRecord& run) {
  Named out;
  for (const BootRecord& boot : run.boots) {
    const std::string name = fmt::format("boot {:>4}, {}", boot.index, boot.scenario);
    out[name + ": end"] = boot.end_state + (boot.error.empty() ? "" : ": " + boot.error);
    out[name + ": start"] = boot.start;
    out[name + ": instructions"] = fmt::format("{}", boot.total_instructions);
  }
  return out;
}

Named figures_of(const RunRecord& run) {
  Named out;
  for (const Sample& sample : run.samples) {
    std::string value = format_value(sample.value, sample.unit);
    // The same median may hide other iterations: all that was measured has to agree.
    Sample rest = sample;
    rest.boot = 0;
    value += fmt::format(" ({:08x})", std::hash<std::string>{}(sample_to_json(rest)) & 0xffffffffU);
    out[fmt::format("{}, boot {}", sample.metric, sample.boot)] = std::move(value);
  }
  return out;
}

}  // namespace

Result<RunRequest> request_of(const Store& store, const std::string& id) {
  TRY(store.read_run(id));
  return request_from_json(TRY(read_document(store.run_folder(id), "request.json")), id + "/request.json");
}

std::vector<RunDifference> differences(const RunRecord& before, const RunRecord& after) {
  std::vector<RunDifference> out;
  compare(inputs_of(before), inputs_of(after), out);
  compare(boots_of(before), boots_of(after), out);
  compare(figures_of(before), figures_of(after), out);
  return out;
}

}  // namespace aios
