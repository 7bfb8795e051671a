// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/scenario_manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/manifest/toml_reader.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using Dimensions = std::map<std::string, std::vector<std::string>>;

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

Result<Dimensions> read_dimensions(TomlTable& parent) {
  Dimensions dimensions;
  auto table = TRY(parent.table_or_none("dimensions"));
  if (!table) return dimensions;
  for (const auto& key : table->keys()) {
    auto values = TRY(table->strings(key));
    if (values.empty()) return table->error(key, "has no values", "name at least one");
    dimensions[key] = std::move(values);
  }
  return dimensions;
}

// The values a metric takes in one dimension: its own choice, which must be among the scenario's.
Result<Dimensions> choose(const TomlTable& table, Dimensions all, const Dimensions& own) {
  for (const auto& [name, values] : own) {
    const auto found = all.find(name);
    if (found == all.end()) {
      return table.error("dimensions", fmt::format("the scenario has no dimension '{}'", name),
                         "add it to [dimensions]");
    }
    for (const auto& value : values) {
      if (std::find(found->second.begin(), found->second.end(), value) != found->second.end()) continue;
      return table.error("dimensions",
                         fmt::format("'{}' is no value of '{}'{}", value, name, did_you_mean(value, found->second)),
                         fmt::format("one of: {}", join(found->second, ", ")));
    }
    found->second = values;
  }
  return all;
}

std::vector<Metric> expand(const Metric& metric, const Dimensions& dimensions) {
  std::vector<Metric> done = {metric};
  for (const auto& [name, values] : dimensions) {
    const std::string placeholder = fmt::format("{{{}}}", name);
    if (metric.name.find(placeholder) == std::string::npos) continue;
    std::vector<Metric> next;
    for (const auto& one : done) {
      for (const auto& value : values) {
        Metric filled = one;
        replace_all(filled.name, placeholder, value);
        replace_all(filled.description, placeholder, value);
        next.push_back(std::move(filled));
      }
    }
    done = std::move(next);
  }
  return done;
}

// The word's parser gives the message; the table gives file and line.
template <typename T>
Result<T> parsed(const TomlTable& table, std::string_view key, Result<T> value) {
  if (value) return value;
  return table.error(key, value.error().what, value.error().hint);
}

Result<std::vector<Metric>> read_metric(TomlTable& table, const Scenario& scenario) {
  Metric metric;
  metric.scenario = scenario.name;
  metric.name = TRY(table.string("name"));
  metric.unit = TRY(parsed(table, "unit", parse_unit(TRY(table.string("unit")))));
  metric.direction = TRY(parsed(table, "direction", parse_direction(TRY(table.string("direction")))));
  metric.kind = TRY(parsed(table, "kind", parse_metric_kind(TRY(table.string("kind")))));
  metric.description = TRY(table.string("description"));
  if (!metric.name.starts_with(scenario.name + ".")) {
    return table.error("name", fmt::format("'{}' does not begin with the scenario's name", metric.name),
                       fmt::format("\"{}.{}\"", scenario.name, metric.name));
  }
  if (metric.description.empty()) return table.error("description", "is empty", "one sentence: what it measures");
  const auto dimensions = TRY(choose(table, scenario.dimensions, TRY(read_dimensions(table))));
  auto metrics = expand(metric, dimensions);
  if (metrics.front().name.find('{') != std::string::npos) {
    return table.error("name", fmt::format("'{}' has a placeholder that is no dimension", metrics.front().name),
                       "declare it under [dimensions]");
  }
  TRY(table.done());
  return metrics;
}

Status read_metrics(TomlTable& root, Scenario& scenario) {
  std::set<std::string> names;
  for (TomlTable table : TRY(root.tables_or_none("metrics"))) {
    for (auto& metric : TRY(read_metric(table, scenario))) {
      if (!names.insert(metric.name).second) {
        return table.error("name", fmt::format("metric '{}' is defined twice", metric.name));
      }
      scenario.metrics.push_back(std::move(metric));
    }
  }
  if (scenario.metrics.empty()) {
    return root.error("", fmt::format("scenario '{}' has no metrics", scenario.name), "add [[metrics]]");
  }
  return {};
}

bool speaks_of(const std::string& word, const std::string& metric) {
  return word == metric || ("." + metric + ".").find("." + word + ".") != std::string::npos;
}

Status read_module_parameters(TomlTable& root, Scenario& scenario) {
  auto table = TRY(root.table_or_none("module_parameters"));
  if (!table) return {};
  for (const auto& module : table->keys()) scenario.module_parameters[module] = TRY(table->strings(module));
  return {};
}

Status read_iterations(TomlTable& root, Scenario& scenario) {
  scenario.exact_iterations = TRY(root.integer_or("exact_iterations", scenario.exact_iterations));
  if (scenario.exact_iterations < 1) return root.error("exact_iterations", "must be at least 1");
  auto table = TRY(root.table_or_none("exact_iterations_for"));
  if (!table) return {};
  for (const auto& word : table->keys()) {
    const auto iterations = TRY(table->integer(word));
    if (iterations < 1) return table->error(word, "must be at least 1");
    const auto matches = [&](const Metric& metric) { return speaks_of(word, metric.name); };
    if (std::none_of(scenario.metrics.begin(), scenario.metrics.end(), matches)) {
      return table->error(word, "speaks of no metric of this scenario", "a metric's name, or one word of it");
    }
    scenario.exact_iterations_for[word] = iterations;
  }
  return {};
}

}  // namespace

Result<Scenario> read_scenario_manifest(const fs::path& file) {
  auto root = TRY(TomlFile::read(file)).root();
  Scenario scenario;
  scenario.folder = file.parent_path();
  scenario.name = TRY(root.string("name"));
  const std::string folder = scenario.folder.filename().string();
  if (scenario.name != folder) {
    return root.error("name", fmt::format("'{}' is not the name of its folder, '{}'", scenario.name, folder));
  }
  scenario.description = TRY(root.string("description"));
  scenario.core = TRY(root.boolean_or("core", scenario.core));
  scenario.order = TRY(root.integer_or("order", scenario.order));
  scenario.needs = TRY(root.strings_or_none("needs"));
  scenario.program = TRY(root.string_or("program", ""));
  scenario.arguments = TRY(root.strings_or_none("arguments"));
  scenario.panics = TRY(root.boolean_or("panics", scenario.panics));
  scenario.timed_seconds = TRY(root.number_or("timed_seconds", scenario.timed_seconds));
  scenario.deadline_seconds = TRY(root.number_or("deadline_seconds", scenario.deadline_seconds));
  scenario.memory_mb = TRY(root.integer_or("memory_mb", scenario.memory_mb));
  scenario.numa_nodes = TRY(root.integer_or("numa_nodes", scenario.numa_nodes));
  if (scenario.numa_nodes < 1 || scenario.numa_nodes > 8) return root.error("numa_nodes", "must be 1 to 8");
  scenario.devices = TRY(root.strings_or_none("devices"));
  for (const char* key : {"timed_seconds", "deadline_seconds", "memory_mb"}) {
    if (root.has(key) && TRY(root.number(key)) <= 0) return root.error(key, "must be more than 0");
  }
  scenario.dimensions = TRY(read_dimensions(root));
  TRY(read_metrics(root, scenario));
  TRY(read_iterations(root, scenario));
  TRY(read_module_parameters(root, scenario));
  TRY(root.done());
  return scenario;
}

Result<std::vector<Scenario>> load_scenarios(const fs::path& folder) {
  std::vector<Scenario> scenarios;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path file = entry.path() / "scenario.toml";
    if (fs::exists(file, error)) scenarios.push_back(TRY(read_scenario_manifest(file)));
  }
  if (error) return config_error("cannot read the scenarios: " + error.message(), folder.string());
  std::sort(scenarios.begin(), scenarios.end(),
            [](const Scenario& a, const Scenario& b) { return std::tie(a.order, a.name) < std::tie(b.order, b.name); });
  return scenarios;
}

Result<std::vector<Scenario>> select_scenarios(const std::vector<Scenario>& known, const std::string& words) {
  std::set<std::string> chosen;
  std::vector<std::string> names = {"core", "all"};
  for (const auto& scenario : known) names.push_back(scenario.name);
  for (const auto& part : split(words, ',')) {
    const std::string word(trim(part));
    if (word.empty()) continue;
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      return config_error(fmt::format("'{}' is no scenario{}", word, did_you_mean(word, names)), "--scenario",
                          fmt::format("one or several of: {}", join(names, ", ")));
    }
    for (const auto& scenario : known) {
      if (word == scenario.name || word == "all" || (word == "core" && scenario.core)) chosen.insert(scenario.name);
    }
  }
  if (chosen.empty()) return config_error("no scenario was named", "--scenario", "core, all, or names");
  std::vector<Scenario> scenarios;
  for (const auto& scenario : known) {
    if (chosen.contains(scenario.name)) scenarios.push_back(scenario);
  }
  return scenarios;
}

}  // namespace aios
