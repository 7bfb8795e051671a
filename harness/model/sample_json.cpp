// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/model/json_fields.h"
#include "harness/model/run_json_parts.h"
#include "harness/model/run_record.h"

namespace aios {
namespace {

constexpr std::size_t kMaxValues = 1U << 20;

OrderedJson counts_object(const CountVector& counts) {
  OrderedJson out = OrderedJson::object();
  for (std::size_t i = 0; i < kCountClasses; ++i) {
    if (counts.counts[i]) out[std::string(to_string(static_cast<CountClass>(i)))] = *counts.counts[i];
  }
  return out;
}

CountVector read_counts(JsonFields& fields) {
  CountVector out;
  const Json& object = fields.member("counts");
  if (!object.is_object()) {
    fields.fail("counts", "expected an object");
    return out;
  }
  for (const auto& [name, value] : object.items()) {
    const auto which = parse_count_class(name);
    // A class that a later version counts: no reason to lose the rest.
    if (!which) continue;
    if (value.is_number_integer()) {
      out[*which] = value.get<std::int64_t>();
    } else {
      fields.fail("counts", fmt::format("'{}' is not a whole number", name));
    }
  }
  return out;
}

}  // namespace

OrderedJson sample_object(const Sample& sample) {
  OrderedJson out;
  out["metric"] = sample.metric;
  out["scenario"] = sample.scenario;
  out["unit"] = to_string(sample.unit);
  out["fidelity"] = to_string(sample.fidelity);
  out["boot"] = sample.boot;
  out["perturbation"] = sample.perturbation;
  out["value"] = json_number(sample.value);
  out["overhead"] = json_number(sample.overhead);
  out["iterations"] = sample.iterations;
  out["interrupted_iterations"] = sample.interrupted_iterations;
  if (sample.minimum) out["minimum"] = json_number(*sample.minimum);
  if (sample.maximum) out["maximum"] = json_number(*sample.maximum);
  if (sample.counts) out["counts"] = counts_object(*sample.counts);
  if (!sample.values.empty()) {
    OrderedJson values = OrderedJson::array();
    for (const RunLength& run : sample.values) {
      OrderedJson pair = OrderedJson::array();
      pair.push_back(json_number(run.value));
      pair.push_back(run.times);
      values.push_back(std::move(pair));
    }
    out["values"] = std::move(values);
  }
  if (!sample.detail.empty()) out["detail"] = sample.detail;
  if (sample.skipped) out["skipped"] = true;
  return out;
}

Result<Sample> read_sample(const Json& object, const std::string& where) {
  JsonFields fields(object, where);
  Sample out;
  out.metric = fields.text("metric");
  out.scenario = fields.text_or("scenario");
  fields.word("unit", out.unit, parse_unit);
  fields.word("fidelity", out.fidelity, parse_fidelity);
  out.boot = fields.small_or("boot", 0);
  out.perturbation = fields.small_or("perturbation", 0);
  out.value = fields.number("value");
  out.overhead = fields.number_or_none("overhead").value_or(0);
  out.iterations = fields.integer_or("iterations", 1);
  out.interrupted_iterations = fields.integer_or("interrupted_iterations", 0);
  out.minimum = fields.number_or_none("minimum");
  out.maximum = fields.number_or_none("maximum");
  if (fields.has("counts")) out.counts = read_counts(fields);
  fields.each("values", [&](const Json& pair, const std::string& at) -> Status {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number() || !pair[1].is_number_integer()) {
      return infra_fault("expected [value, times]", at);
    }
    if (out.values.size() >= kMaxValues) return infra_fault("too many values", at);
    out.values.push_back({pair[0].get<double>(), pair[1].get<std::int64_t>()});
    return {};
  });
  out.detail = fields.text_or("detail");
  out.skipped = fields.boolean_or("skipped", false);
  TRY(fields.status());
  return out;
}

std::string sample_to_json(const Sample& sample) { return dump_json(sample_object(sample)); }

Result<Sample> sample_from_json(const std::string& text, const std::string& where) {
  const Json object = TRY(parse_json(text, where));
  return read_sample(object, where);
}

}  // namespace aios
