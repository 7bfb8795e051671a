// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/bisect_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/support/hash.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kMostOptions = 2000;

OptionValues asked_values(const std::vector<OptionRequest>& requests) {
  OptionValues values;
  for (const auto& request : requests) values[request.name] = request.value;
  return values;
}

std::string value_or_off(const OptionValues& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "n" : found->second;
}

// Off is a word for switches only; a text or a number that is not there is left out.
bool can_be_written(const std::string& value, const std::string& other) {
  const auto is_switch = [](const std::string& text) { return text == "y" || text == "m" || text == "n"; };
  return value != "n" || is_switch(other);
}

// The options that a condition speaks of: "CONNECTOR=y", "!SMP", "NET or BLOCK".
void add_names(std::string_view condition, OptionSet& into) {
  constexpr std::string_view kNameLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  for (std::size_t at = condition.find_first_of(kNameLetters); at != std::string_view::npos;
       at = condition.find_first_of(kNameLetters, at)) {
    const std::size_t end = condition.find_first_not_of(kNameLetters, at);
    into.emplace(condition.substr(at, end == std::string_view::npos ? end : end - at));
    if (end == std::string_view::npos) return;
    at = end;
  }
}

class ConfigLoop {
 public:
  ConfigLoop(BisectLog& log, const ConfigureWith& configure, const Measurer& measurer)
      : log_(log), configure_(configure), measurer_(measurer) {}

  Result<ConfigBisectReport> run() {
    TRY(read_files());
    measurer_.progress->phase("asking Kconfig which options hang together");
    const ConfigUnits units =
        TRY(find_config_units(options_, [this](const OptionSet& switched) { return try_(switched); }));
    measurer_.progress->note(fmt::format("{} options differ in effect", units.units.size()));
    ConfigBisectReport report;
    // The limit: figures are exact, so that any difference is one.
    report.costs = TRY(search_config(units, [this](const OptionSet& switched) { return figure(switched); }));
    report.without_effect = units.without_effect;
    report.request = log_.request();
    report.id = log_.id();
    report.measured = log_.measurements().size();
    for (const auto& measurement : log_.measurements()) {
      report.seconds += measurement.seconds;
      if (!measurement.point.broken) report.unit = measurement.unit;
    }
    return report;
  }

 private:
  Status read_files() {
    const auto requests = [&](const char* name) { return read_fragment(log_.folder() / name, name); };
    first_ = asked_values(TRY(requests("a.config")));
    second_ = asked_values(TRY(requests("b.config")));
    // What came of each: options are switched between that.
    first_outcome_ = TRY(configure_(log_.folder() / "a.config")).values;
    second_outcome_ = TRY(configure_(log_.folder() / "b.config")).values;
    const OptionValues &first = first_outcome_, &second = second_outcome_;
    for (const auto* asked : {&first_, &second_}) {
      for (const auto& [name, value] : *asked) {
        const bool same = value_or_off(first_, name) == value_or_off(second_, name) &&
                          value_or_off(first, name) == value_or_off(second, name);
        if (!same) options_.insert(name);
      }
    }
    for (const auto& name : options_) {
      first_[name] = value_or_off(first, name);
      second_[name] = value_or_off(second, name);
    }
    if (options_.empty()) return config_error("the two configurations ask for the same", log_.request().bad_name);
    if (options_.size() <= kMostOptions) return {};
    return config_error(fmt::format("the two configurations differ in {} options", options_.size()),
                        log_.request().bad_name, fmt::format("at most {}", kMostOptions));
  }

  // A fragment with these options as the second configuration has them.
  Result<fs::path> fragment(const OptionSet& switched) const {
    std::string text;
    OptionSet names;
    for (const auto* asked : {&first_, &second_}) {
      for (const auto& [name, value] : *asked) names.insert(name);
    }
    for (const auto& name : names) {
      const std::string a = value_or_off(first_, name), b = value_or_off(second_, name);
      const std::string& value = switched.contains(name) ? b : a;
      if (can_be_written(value, switched.contains(name) ? a : b)) text += fmt::format("CONFIG_{}={}\n", name, value);
    }
    const fs::path file = log_.folder() / "sets" / (sha256(text).substr(0, 12) + ".config");
    TRY(make_folders(file.parent_path()));
    TRY(write_file_atomic(file, text));
    return file;
  }

  Result<ConfigTrial> try_(const OptionSet& switched) const {
    TRY(measurer_.cancel->check());
    // Half a minute each where the machine is busy: what is known is not asked again.
    if (switched.empty()) return ConfigTrial{first_outcome_, {}};
    if (switched == options_) return ConfigTrial{second_outcome_, {}};
    const ConfiguredTree tree = TRY(configure_(TRY(fragment(switched))));
    ConfigTrial trial{tree.values, {}};
    for (const auto& [name, answer] : tree.answers) {
      if (!options_.contains(name)) continue;
      OptionSet& wanted = trial.wanted[name];
      for (const auto* list : {&answer.missing, &answer.root_causes, &answer.selected_by}) {
        for (const auto& condition : *list) add_names(condition, wanted);
      }
    }
    return trial;
  }

  Result<std::optional<double>> figure(const OptionSet& switched) {
    const std::string key = join({switched.begin(), switched.end()}, " ");
    const std::string shown = switched.empty() ? "the first configuration" : switched == options_ ? "the second" : key;
    const BisectPoints known = log_.points();
    const auto found = known.find(key);
    if (found != known.end()) return value_of(found->second);
    measurer_.progress->phase(fmt::format("bisect-config: measurement {}: {}", log_.measurements().size() + 1, shown));
    RunRequest request = log_.request().run;
    request.subject.configs.push_back(TRY(fragment(switched)));
    const BisectMeasurement measurement = TRY(measure_point(measurer_, request, log_.request().metric, key, log_.id()));
    if (!measurement.exact) {
      return config_error("the costs of options are told apart by exact figures only", log_.request().metric,
                          "--mode exact, and a metric that is counted");
    }
    measurer_.progress->note(
        measurement.point.broken
            ? fmt::format("{}: cannot be measured: {}", shown, measurement.point.why)
            : fmt::format("{}: {}", shown, format_value(point_value(measurement.point), measurement.unit)));
    TRY(log_.add(measurement));
    return value_of(measurement.point);
  }

  static std::optional<double> value_of(const BisectPoint& point) {
    if (point.broken) return std::nullopt;
    return point_value(point);
  }

  BisectLog& log_;
  const ConfigureWith& configure_;
  const Measurer& measurer_;
  OptionValues first_outcome_, second_outcome_;  // whole configurations
  OptionValues first_, second_;                  // of the options that the two files speak of
  OptionSet options_;
};

}  // namespace

Result<ConfigBisectReport> run_config_bisect(BisectLog& log, const ConfigureWith& configure, const Measurer& measurer) {
  return ConfigLoop(log, configure, measurer).run();
}

int config_bisect_exit_code(const ConfigBisectReport& report) { return report.costs.unexplained == 0 ? 0 : 4; }

}  // namespace aios
