// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/stats/power.h"
#include "harness/support/json.h"

namespace aios {

const MetricCalibration* Calibration::find(const std::string& metric) const {
  const auto at =
      std::find_if(metrics.begin(), metrics.end(), [&](const MetricCalibration& one) { return one.metric == metric; });
  return at == metrics.end() ? nullptr : &*at;
}

std::optional<double> Calibration::fence_for(const std::string& metric) const {
  const MetricCalibration* found = find(metric);
  return found == nullptr ? std::nullopt : std::optional(found->fence);
}

std::optional<double> Calibration::visible_in(const MetricCalibration& metric, double seconds) const {
  if (!metric.timed) return metric.fence;
  if (!(seconds_a_boot > 0)) return std::nullopt;
  const auto pairs = static_cast<int>(std::min(seconds / (2 * seconds_a_boot), 1e6));
  const double shift = stats::detectable_shift(stats::Design::paired_blocks, pairs, level, power) * metric.noise;
  // What lies within the fence is not called, however precisely it is known.
  if (!std::isfinite(shift)) return std::nullopt;
  return std::max(shift, metric.fence);
}

std::string calibration_to_json(const Calibration& calibration, int indent) {
  OrderedJson metrics = OrderedJson::array();
  for (const MetricCalibration& one : calibration.metrics) {
    OrderedJson row = {{"metric", one.metric},
                       {"scenario", one.scenario},
                       {"unit", to_string(one.unit)},
                       {"timed", one.timed},
                       {"value", one.value},
                       {"nulls", one.nulls},
                       {"alarms", one.alarms},
                       {"alarm_rate",
                        {{"rate", one.alarm_rate.value},
                         {"low", one.alarm_rate.interval.low},
                         {"high", one.alarm_rate.interval.high},
                         {"confidence", one.alarm_rate.interval.asked}}},
                       {"largest", one.largest},
                       {"worst", one.worst},
                       {"fence", one.fence},
                       {"noise", one.noise}};
    OrderedJson visible = OrderedJson::object();
    for (const int minutes : {1, 10, 60}) {
      const auto share = calibration.visible_in(one, 60.0 * minutes);
      visible[fmt::format("{}m", minutes)] = share ? OrderedJson(*share) : OrderedJson(nullptr);
    }
    row["visible_in"] = std::move(visible);
    metrics.push_back(std::move(row));
  }
  const OrderedJson document = {{"schema", kCalibrationSchema},
                                {"machine", calibration.machine},
                                {"kernel", calibration.kernel},
                                {"mode", calibration.mode},
                                {"date", calibration.date},
                                {"inputs", calibration.inputs},
                                {"null_changes", calibration.null_changes},
                                {"runs", calibration.runs},
                                {"seconds_a_boot", calibration.seconds_a_boot},
                                {"level", calibration.level},
                                {"power", calibration.power},
                                {"host", calibration.host},
                                {"host_advice", calibration.host_advice},
                                {"metrics", std::move(metrics)}};
  return dump_json(document, indent);
}

namespace {

std::map<std::string, std::string> string_map(const Json& object, const char* key) {
  std::map<std::string, std::string> out;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object()) return out;
  for (const auto& [name, value] : found->items()) {
    if (value.is_string()) out[name] = value.get<std::string>();
  }
  return out;
}

std::vector<std::string> string_list(const Json& object, const char* key) {
  std::vector<std::string> out;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) return out;
  for (const auto& value : *found) {
    if (value.is_string()) out.push_back(value.get<std::string>());
  }
  return out;
}

Result<MetricCalibration> metric_from_json(const Json& row, const std::string& where) {
  MetricCalibration out;
  out.metric = TRY(get_string(row, "metric", where));
  out.scenario = string_or(row, "scenario");
  out.unit = TRY(parse_unit(TRY(get_string(row, "unit", where))));
  out.timed = row.value("timed", Json(false)) == Json(true);
  out.value = number_or(row, "value", 0);
  out.nulls = static_cast<int>(std::clamp(number_or(row, "nulls", 0), 0.0, 1e9));
  out.alarms = static_cast<int>(std::clamp(number_or(row, "alarms", 0), 0.0, 1e9));
  const Json rate = row.value("alarm_rate", Json::object());
  out.alarm_rate.value = number_or(rate, "rate", 0);
  out.alarm_rate.interval.low = number_or(rate, "low", 0);
  out.alarm_rate.interval.high = number_or(rate, "high", 1);
  out.alarm_rate.interval.asked = number_or(rate, "confidence", 0.95);
  out.largest = number_or(row, "largest", 0);
  out.worst = string_or(row, "worst");
  out.fence = TRY(get_number(row, "fence", where));
  if (!(out.fence >= 0)) return infra_fault(fmt::format("the fence of {} is {}", out.metric, out.fence), where);
  out.noise = number_or(row, "noise", 0);
  return out;
}

}  // namespace

Result<Calibration> calibration_from_json(const std::string& text, const std::string& where) {
  const Json document = TRY(parse_json(text, where));
  const auto schema = static_cast<int>(TRY(get_number(document, "schema", where)));
  if (schema > kCalibrationSchema) {
    return config_error(fmt::format("a calibration of schema {}; this program knows {}", schema, kCalibrationSchema),
                        where, "calibrate again, or use the newer program");
  }
  Calibration out;
  out.machine = TRY(get_string(document, "machine", where));
  out.kernel = TRY(get_string(document, "kernel", where));
  out.mode = string_or(document, "mode");
  out.date = string_or(document, "date");
  out.inputs = string_map(document, "inputs");
  out.null_changes = string_list(document, "null_changes");
  out.runs = string_list(document, "runs");
  out.seconds_a_boot = number_or(document, "seconds_a_boot", 0);
  out.level = number_or(document, "level", out.level);
  out.power = number_or(document, "power", out.power);
  out.host = string_map(document, "host");
  out.host_advice = string_list(document, "host_advice");
  for (const Json& row : document.value("metrics", Json::array())) {
    out.metrics.push_back(TRY(metric_from_json(row, where)));
  }
  return out;
}

fs::path calibration_path(const Store& store, const std::string& machine, const std::string& kernel) {
  return store.root() / "calibrations" / (file_name_for(machine + "-" + kernel) + ".json");
}

Result<Calibration> read_calibration(const Store& store, const std::string& machine, const std::string& kernel) {
  const fs::path path = calibration_path(store, machine, kernel);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    return config_error(fmt::format("'{}' on {} was never calibrated", kernel, machine), path.string(),
                        fmt::format("aios-bench calibrate {} --machine {}", kernel, machine));
  }
  return calibration_from_json(TRY(read_file(path)), path.string());
}

std::optional<Calibration> load_calibration(const Store& store, const std::string& machine, const std::string& kernel) {
  auto read = read_calibration(store, machine, kernel);
  return read.ok() ? std::optional(std::move(read).value()) : std::nullopt;
}

Status store_calibration(const Store& store, const Calibration& calibration) {
  const fs::path path = calibration_path(store, calibration.machine, calibration.kernel);
  TRY(make_folders(path.parent_path()));
  return write_file_atomic(path, calibration_to_json(calibration, 2) + "\n");
}

bool is_null_change(const std::string& label) { return label == kNullChangeLabel; }

}  // namespace aios
