// SPDX-License-Identifier: Apache-2.0
#include "harness/run/request.h"

#include <fmt/format.h>

#include "harness/model/json_fields.h"
#include "harness/model/migration.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kRequestSchema = 1;
const std::vector<SchemaStep> kSteps = {};

}  // namespace

std::string_view to_string(Mode mode) {
  switch (mode) {
    case Mode::exact:
      return "exact";
    case Mode::timed:
      return "timed";
    case Mode::automatic:
      return "auto";
  }
  return "auto";
}

Result<Mode> parse_mode(std::string_view text) {
  for (const Mode mode : {Mode::exact, Mode::timed, Mode::automatic}) {
    if (to_string(mode) == text) return mode;
  }
  return config_error(fmt::format("'{}' is no mode{}", text, did_you_mean(text, {"exact", "timed", "auto"})), "--mode",
                      "one of: exact, timed, auto");
}

std::string request_to_json(const RunRequest& request) {
  const Subject& subject = request.subject;
  OrderedJson out;
  out["schema"] = kRequestSchema;
  OrderedJson what;
  what["kernel"] = subject.kernel;
  what["ref"] = subject.ref;
  what["variant"] = subject.variant;
  what["with_modules"] = subject.with_modules;
  what["without_modules"] = subject.without_modules;
  what["image"] = subject.image.string();
  what["append"] = subject.append;
  OrderedJson sysctls = OrderedJson::array();
  for (const auto& [name, value] : subject.sysctls) sysctls.push_back(OrderedJson::array({name, value}));
  what["sysctls"] = std::move(sysctls);
  OrderedJson configs = OrderedJson::array();
  for (const auto& config : subject.configs) configs.push_back(config.string());
  what["configs"] = std::move(configs);
  out["subject"] = std::move(what);
  out["scenarios"] = request.scenarios;
  out["machine"] = request.machine;
  out["mode"] = to_string(request.mode);
  out["perturb"] = request.perturb;
  out["boots"] = request.boots;
  out["markers"] = request.markers;
  out["timeout_seconds"] = json_number(request.timeout_seconds);
  out["label"] = request.label;
  out["cold"] = request.cold;
  return dump_json(out, 1) + "\n";
}

Result<RunRequest> request_from_json(const std::string& text, const std::string& where) {
  Json document = TRY(parse_json(text, where));
  TRY(migrate_schema(document, kRequestSchema, kSteps, where));
  JsonFields fields(document, where);
  RunRequest out;
  JsonFields what(fields.member("subject"), where + ": subject");
  out.subject.kernel = what.text_or("kernel");
  out.subject.ref = what.text_or("ref");
  out.subject.variant = what.text_or("variant");
  out.subject.with_modules = what.texts_or_none("with_modules");
  out.subject.without_modules = what.texts_or_none("without_modules");
  out.subject.image = what.text_or("image");
  out.subject.append = what.texts_or_none("append");
  for (const auto& config : what.texts_or_none("configs")) out.subject.configs.emplace_back(config);
  what.each("sysctls", [&](const Json& pair, const std::string& at) -> Status {
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
      return infra_fault("expected [name, value]", at);
    }
    out.subject.sysctls.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    return {};
  });
  out.scenarios = fields.texts_or_none("scenarios");
  out.machine = fields.text_or("machine");
  fields.word("mode", out.mode, parse_mode);
  out.perturb = fields.small_or("perturb", 0);
  out.boots = fields.small_or("boots", 0);
  out.markers = fields.texts_or_none("markers");
  out.timeout_seconds = fields.number_or_none("timeout_seconds").value_or(0);
  out.label = fields.text_or("label");
  out.cold = fields.boolean_or("cold", false);
  TRY(what.status());
  TRY(fields.status());
  return out;
}

}  // namespace aios
