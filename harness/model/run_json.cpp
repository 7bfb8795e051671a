// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/model/json_fields.h"
#include "harness/model/migration.h"
#include "harness/model/run_json_parts.h"
#include "harness/model/run_record.h"

namespace aios {
namespace {

// How schema N became N + 1 stands here, and stays for ever.
const std::vector<SchemaStep> kSteps = {};

OrderedJson perturbation_object(const Perturbation& perturbation) {
  OrderedJson out;
  out["index"] = perturbation.index;
  out["kind"] = perturbation.kind;
  out["description"] = perturbation.description;
  out["append"] = perturbation.append;
  out["memory_mb_added"] = perturbation.memory_mb_added;
  return out;
}

Result<Perturbation> read_perturbation(const Json& object, const std::string& where) {
  JsonFields fields(object, where);
  Perturbation out;
  out.index = fields.small_or("index", 0);
  out.kind = fields.text("kind");
  out.description = fields.text_or("description");
  out.append = fields.texts_or_none("append");
  out.memory_mb_added = fields.small_or("memory_mb_added", 0);
  TRY(fields.status());
  return out;
}

OrderedJson metric_object(const Metric& metric) {
  OrderedJson out;
  out["name"] = metric.name;
  out["unit"] = to_string(metric.unit);
  out["direction"] = to_string(metric.direction);
  out["kind"] = to_string(metric.kind);
  out["description"] = metric.description;
  out["scenario"] = metric.scenario;
  return out;
}

Result<Metric> read_metric(const Json& object, const std::string& where) {
  JsonFields fields(object, where);
  Metric out;
  out.name = fields.text("name");
  fields.word("unit", out.unit, parse_unit);
  fields.word("direction", out.direction, parse_direction);
  fields.word("kind", out.kind, parse_metric_kind);
  out.description = fields.text_or("description");
  out.scenario = fields.text_or("scenario");
  TRY(fields.status());
  return out;
}

// Identity and wall clock: all that may differ between two runs of the same inputs, and nothing else.
OrderedJson provenance_object(const RunRecord& run) {
  const Provenance& from = run.provenance;
  OrderedJson out;
  out["run"] = from.run;
  out["label"] = run.label;
  out["started"] = from.started;
  out["finished"] = from.finished;
  out["command_line"] = from.command_line;
  out["host"] = from.host;
  out["host_kernel"] = from.host_kernel;
  out["host_cpu"] = from.host_cpu;
  out["qemu_version"] = from.qemu_version;
  out["harness_version"] = from.harness_version;
  OrderedJson wall = OrderedJson::object();
  for (const auto& [name, value] : from.wall_seconds) wall[name] = json_number(value);
  out["wall_seconds"] = std::move(wall);
  OrderedJson attempts = OrderedJson::array();
  for (const BootRecord& boot : run.boots) attempts.push_back(boot.attempts);
  out["boot_attempts"] = std::move(attempts);
  out["extra"] = from.extra;
  return out;
}

Status read_provenance(const Json& object, const std::string& where, RunRecord& run) {
  JsonFields fields(object, where);
  Provenance& out = run.provenance;
  out.run = fields.text_or("run");
  run.label = fields.text_or("label");
  out.started = fields.text_or("started");
  out.finished = fields.text_or("finished");
  out.command_line = fields.text_or("command_line");
  out.host = fields.text_or("host");
  out.host_kernel = fields.text_or("host_kernel");
  out.host_cpu = fields.text_or("host_cpu");
  out.qemu_version = fields.text_or("qemu_version");
  out.harness_version = fields.text_or("harness_version");
  const Json& wall = fields.member("wall_seconds");
  if (wall.is_object()) {
    for (const auto& [name, value] : wall.items()) {
      if (value.is_number()) out.wall_seconds[name] = value.get<double>();
    }
  }
  std::size_t boot = 0;
  fields.each("boot_attempts", [&](const Json& value, const std::string& at) -> Status {
    if (!value.is_number_unsigned()) return infra_fault("expected a whole number", at);
    if (boot < run.boots.size()) run.boots[boot].attempts = static_cast<int>(value.get<std::uint16_t>());
    ++boot;
    return {};
  });
  out.extra = fields.text_map_or_none("extra");
  return fields.status();
}

}  // namespace

OrderedJson boot_object(const BootRecord& boot) {
  OrderedJson out;
  out["index"] = boot.index;
  out["perturbation"] = boot.perturbation;
  out["scenario"] = boot.scenario;
  out["start"] = boot.start;
  out["end_state"] = boot.end_state;
  out["ok"] = boot.ok;
  out["error_kind"] = boot.error_kind;
  out["error"] = boot.error;
  OrderedJson timeline = OrderedJson::array();
  for (const TimelinePoint& point : boot.timeline) {
    OrderedJson entry;
    entry["name"] = point.name;
    entry["kind"] = point.kind;
    entry["instructions"] = point.instructions;
    timeline.push_back(std::move(entry));
  }
  out["timeline"] = std::move(timeline);
  out["total_instructions"] = boot.total_instructions;
  out["scenarios_failed"] = boot.scenarios_failed;
  out["logs"] = boot.logs;
  out["screen"] = boot.screen;
  out["notes"] = boot.notes;
  return out;
}

Result<BootRecord> read_boot(const Json& object, const std::string& where) {
  JsonFields fields(object, where);
  BootRecord out;
  out.index = fields.small_or("index", 0);
  out.perturbation = fields.small_or("perturbation", 0);
  out.scenario = fields.text_or("scenario");
  out.start = fields.text_or("start", "cold");
  out.end_state = fields.text_or("end_state");
  out.ok = fields.boolean_or("ok", false);
  out.error_kind = fields.text_or("error_kind");
  out.error = fields.text_or("error");
  fields.each("timeline", [&](const Json& item, const std::string& at) -> Status {
    JsonFields point(item, at);
    out.timeline.push_back({point.text("name"), point.text_or("kind"), point.integer("instructions")});
    return point.status();
  });
  out.total_instructions = fields.integer_or("total_instructions", 0);
  out.scenarios_failed = fields.texts_or_none("scenarios_failed");
  out.logs = fields.text_map_or_none("logs");
  out.screen = fields.texts_or_none("screen");
  out.notes = fields.texts_or_none("notes");
  TRY(fields.status());
  return out;
}

OrderedJson head_object(const RunRecord& run) {
  OrderedJson out;
  out["schema"] = kRunSchema;
  out["subject"] = run.subject;
  out["kernel"] = run.kernel;
  out["kernel_version"] = run.kernel_version;
  out["machine"] = run.machine;
  out["fidelity"] = to_string(run.fidelity);
  out["mode"] = run.mode;
  out["scenarios"] = run.scenarios;
  out["append"] = run.append;
  out["sysctls"] = run.sysctls;
  OrderedJson perturbations = OrderedJson::array();
  for (const Perturbation& item : run.perturbations) perturbations.push_back(perturbation_object(item));
  out["perturbations"] = std::move(perturbations);
  OrderedJson metrics = OrderedJson::array();
  for (const Metric& item : run.metrics) metrics.push_back(metric_object(item));
  out["metrics"] = std::move(metrics);
  out["inputs"] = run.inputs;
  // Kept as JSON where it is JSON, so that a script need not parse twice.
  if (Result<Json> audit = parse_json(run.config_audit_json, "config audit"); audit.ok()) {
    out["config_audit"] = OrderedJson(*audit);
  }
  out["outcome"] = run.outcome;
  out["provenance"] = provenance_object(run);
  return out;
}

std::string run_to_json(const RunRecord& run, int indent) {
  OrderedJson out = head_object(run);
  OrderedJson provenance = std::move(out["provenance"]);
  out.erase("provenance");
  OrderedJson boots = OrderedJson::array();
  for (const BootRecord& boot : run.boots) boots.push_back(boot_object(boot));
  out["boots"] = std::move(boots);
  OrderedJson samples = OrderedJson::array();
  for (const Sample& sample : run.samples) samples.push_back(sample_object(sample));
  out["samples"] = std::move(samples);
  out["provenance"] = std::move(provenance);  // last: what stands above it can be compared as text
  return dump_json(out, indent);
}

Result<RunRecord> run_from_json(const std::string& text, const std::string& where) {
  Json document = TRY(parse_json(text, where));
  TRY(migrate_schema(document, kRunSchema, kSteps, where));
  JsonFields fields(document, where);
  RunRecord out;
  out.subject = fields.text("subject");
  out.kernel = fields.text_or("kernel");
  out.kernel_version = fields.text_or("kernel_version");
  out.machine = fields.text_or("machine");
  fields.word("fidelity", out.fidelity, parse_fidelity);
  out.mode = fields.text_or("mode");
  out.scenarios = fields.texts_or_none("scenarios");
  out.append = fields.texts_or_none("append");
  out.sysctls = fields.text_map_or_none("sysctls");
  const auto append_to = [](auto& list, auto read) {
    return [&list, read](const Json& item, const std::string& at) -> Status {
      list.push_back(TRY(read(item, at)));
      return {};
    };
  };
  fields.each("perturbations", append_to(out.perturbations, read_perturbation));
  fields.each("metrics", append_to(out.metrics, read_metric));
  fields.each("boots", append_to(out.boots, read_boot));
  fields.each("samples", append_to(out.samples, read_sample));
  out.inputs = fields.text_map_or_none("inputs");
  if (fields.has("config_audit")) out.config_audit_json = dump_json(fields.member("config_audit"));
  out.outcome = fields.text_or("outcome");
  TRY(fields.status());
  if (fields.has("provenance")) TRY(read_provenance(fields.member("provenance"), where + ": provenance", out));
  return out;
}

std::vector<const Sample*> samples_of(const RunRecord& run, const std::string& metric) {
  std::vector<const Sample*> out;
  for (const Sample& sample : run.samples) {
    if (sample.metric == metric) out.push_back(&sample);
  }
  return out;
}

const Metric* find_metric(const RunRecord& run, const std::string& name) {
  for (const Metric& metric : run.metrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

}  // namespace aios
