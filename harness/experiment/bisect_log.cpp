// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/bisect_log.h"

#include <fmt/format.h>

#include "harness/model/json_fields.h"

namespace aios {
namespace {

constexpr const char* kBisectRequest = "request.json";
constexpr const char* kBisectPoints = "points.jsonl";

std::string bisect_request_json(const BisectRequest& request) {
  const BisectRules& rules = request.rules;
  const OrderedJson out{{"schema", 1},
                        {"metric", request.metric},
                        {"good", request.good},
                        {"bad", request.bad},
                        {"good_name", request.good_name},
                        {"bad_name", request.bad_name},
                        {"exact", rules.exact},
                        {"min_step", json_number(rules.min_step)},
                        {"min_share", json_number(rules.min_share)},
                        {"confidence", json_number(rules.confidence)},
                        {"end_boots", rules.end_boots},
                        {"boots", rules.boots},
                        {"max_boots", rules.max_boots},
                        {"run", request_to_json(request.run)}};
  return dump_json(out, 1) + "\n";
}

Result<BisectRequest> read_bisect_request(const fs::path& file) {
  const Json document = TRY(parse_json(TRY(read_file(file, 1U << 20)), file.string()));
  JsonFields fields(document, file.string());
  BisectRequest out;
  out.metric = fields.text("metric");
  out.good = fields.text("good");
  out.bad = fields.text("bad");
  out.good_name = fields.text("good_name");
  out.bad_name = fields.text("bad_name");
  out.rules.exact = fields.boolean_or("exact", true);
  out.rules.min_step = fields.number("min_step");
  out.rules.min_share = fields.number("min_share");
  out.rules.confidence = fields.number("confidence");
  out.rules.end_boots = fields.small_or("end_boots", out.rules.end_boots);
  out.rules.boots = fields.small_or("boots", out.rules.boots);
  out.rules.max_boots = fields.small_or("max_boots", out.rules.max_boots);
  const std::string run = fields.text("run");
  TRY(fields.status());
  out.run = TRY(request_from_json(run, file.string()));
  return out;
}

std::string measurement_json(const BisectMeasurement& from) {
  OrderedJson values = OrderedJson::array();
  for (const double value : from.point.values) values.push_back(json_number(value));
  return dump_json(OrderedJson{{"commit", from.commit},
                               {"broken", from.point.broken},
                               {"why", from.point.why},
                               {"values", std::move(values)},
                               {"unit", to_string(from.unit)},
                               {"exact", from.exact},
                               {"run", from.run},
                               {"seconds", json_number(from.seconds)}});
}

Result<BisectMeasurement> read_measurement(std::string_view json, const std::string& where) {
  const Json document = TRY(parse_json(json, where));
  JsonFields fields(document, where);
  BisectMeasurement out;
  out.commit = fields.text("commit");
  out.point.broken = fields.boolean_or("broken", false);
  out.point.why = fields.text_or("why");
  fields.each("values", [&](const Json& value, const std::string& at) -> Status {
    if (!value.is_number()) return infra_fault("expected a number", at);
    out.point.values.push_back(value.get<double>());
    return {};
  });
  fields.word("unit", out.unit, parse_unit);
  out.exact = fields.boolean_or("exact", true);
  out.run = fields.text_or("run");
  out.seconds = fields.number_or_none("seconds").value_or(0);
  TRY(fields.status());
  return out;
}

Result<FileLock> own(const fs::path& folder) {
  auto lock = TRY(FileLock::try_acquire(folder / "lock"));
  if (lock) return std::move(*lock);
  return config_error(fmt::format("bisection {} is going on in another process", folder.filename().string()),
                      folder.string());
}

}  // namespace

Result<BisectLog> BisectLog::begin(const fs::path& folder, const BisectRequest& request) {
  TRY(make_folders(folder));
  FileLock lock = TRY(own(folder));
  TRY(write_file_atomic(folder / kBisectRequest, bisect_request_json(request)));
  CheckedLineWriter writer = TRY(CheckedLineWriter::open(folder / kBisectPoints, 0));
  return BisectLog(folder, std::move(lock), request, std::move(writer));
}

Result<BisectLog> BisectLog::resume(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(folder / kBisectRequest, code)) {
    return config_error(fmt::format("no bisection '{}' is stored", folder.filename().string()), folder.string(),
                        "every bisection says its name when it begins");
  }
  FileLock lock = TRY(own(folder));
  BisectRequest request = TRY(read_bisect_request(folder / kBisectRequest));
  std::vector<BisectMeasurement> measurements;
  std::uint64_t good_bytes = 0;
  if (fs::exists(folder / kBisectPoints, code)) {
    const LinesRead read = TRY(read_checked_lines(
        folder / kBisectPoints, [&](std::string_view json, const std::string& where, std::uint64_t) -> Status {
          measurements.push_back(TRY(read_measurement(json, where)));
          return {};
        }));
    good_bytes = read.good_bytes;
  }
  CheckedLineWriter writer = TRY(CheckedLineWriter::open(folder / kBisectPoints, good_bytes));
  BisectLog log(folder, std::move(lock), std::move(request), std::move(writer));
  log.measurements_ = std::move(measurements);
  return log;
}

BisectPoints BisectLog::points() const {
  BisectPoints points;
  for (const auto& measurement : measurements_) {
    BisectPoint& point = points[measurement.commit];
    point.broken = point.broken || measurement.point.broken;
    if (measurement.point.broken) point.why = measurement.point.why;
    point.values.insert(point.values.end(), measurement.point.values.begin(), measurement.point.values.end());
  }
  for (auto& [commit, point] : points) {
    if (point.broken) point.values.clear();
  }
  return points;
}

Status BisectLog::add(BisectMeasurement measurement) {
  TRY(writer_.append({measurement_json(measurement)}));
  measurements_.push_back(std::move(measurement));
  return {};
}

}  // namespace aios
