// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/gate_policy_manifest.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/manifest/toml_reader.h"

namespace aios {
namespace {

constexpr std::int64_t kPolicySchema = 1;
constexpr int kMaxPerturb = 1000;
constexpr int kMaxBlocks = 10'000;

Result<double> share(TomlTable& table, const char* key, double fallback) {
  const double value = TRY(table.number_or(key, fallback));
  if (value > 0 && value < 1) return value;
  return table.error(key, fmt::format("{:g} is no share", value), "between 0 and 1, for example 0.05");
}

Status check_percent(TomlTable& table, const char* key, double value) {
  if (std::isfinite(value) && value >= 0 && value <= 1000) return {};
  return table.error(key, fmt::format("{:g} per cent is out of range", value), "0 to 1000");
}

Result<std::optional<double>> margin(TomlTable& table, const char* key) {
  const bool said = table.has(key);
  const double value = TRY(table.number_or(key, 0));
  if (!said) return std::optional<double>();
  if (std::isfinite(value) && value >= 0) return std::optional<double>(value);
  return table.error(key, fmt::format("{:g} is no margin", value), "0 or more");
}

Result<int> whole(TomlTable& table, const char* key, int fallback, int least, int most) {
  const std::int64_t value = TRY(table.integer_or(key, fallback));
  if (value >= least && value <= most) return static_cast<int>(value);
  return table.error(key, fmt::format("{} is out of range", value), fmt::format("{} to {}", least, most));
}

Result<GateRule> read_rule(TomlTable& table, double creep_percent) {
  GateRule rule;
  rule.match = TRY(table.strings("match"));
  if (rule.match.empty()) return table.error("match", "this rule matches nothing", "match = [\"syscall.*\"]");
  const std::string action = TRY(table.word_or("action", {"block", "warn", "ignore"}, "block"));
  rule.action = action == "block" ? GateAction::block : action == "warn" ? GateAction::warn : GateAction::ignore;
  rule.margin_percent = TRY(margin(table, "margin_percent"));
  if (rule.margin_percent) TRY(check_percent(table, "margin_percent", *rule.margin_percent));
  rule.margin_absolute = TRY(margin(table, "margin_absolute"));
  rule.creep_percent = TRY(table.number_or("creep_percent", creep_percent));
  TRY(check_percent(table, "creep_percent", rule.creep_percent));
  rule.strict = TRY(table.boolean_or("strict", false));
  rule.family = TRY(table.string_or("family", ""));
  TRY(table.done());
  return rule;
}

Status read_exact(TomlTable& root, GatePolicy& policy) {
  auto table = TRY(root.table_or_none("exact"));
  if (!table) return {};
  policy.perturb = TRY(whole(*table, "perturb", policy.perturb, 0, kMaxPerturb));
  return table->done();
}

Status read_timed(TomlTable& root, GatePolicy& policy) {
  auto table = TRY(root.table_or_none("timed"));
  if (!table) return {};
  policy.timed_margin_percent = TRY(table->number_or("margin_percent", policy.timed_margin_percent));
  TRY(check_percent(*table, "margin_percent", policy.timed_margin_percent));
  policy.boots = TRY(whole(*table, "boots", policy.boots, 1, kMaxBlocks));
  policy.first_boots = TRY(whole(*table, "first_boots", std::min(policy.first_boots, policy.boots), 1, policy.boots));
  return table->done();
}

Result<double> read_creep(TomlTable& root, GatePolicy& policy) {
  double percent = GateRule().creep_percent;
  auto table = TRY(root.table_or_none("creep"));
  if (!table) return percent;
  percent = TRY(table->number_or("budget_percent", percent));
  TRY(check_percent(*table, "budget_percent", percent));
  policy.reference = TRY(table->string_or("reference", ""));
  TRY(table->done());
  return percent;
}

}  // namespace

Result<GatePolicy> parse_gate_policy(std::string_view text, const fs::path& where) {
  const TomlFile file = TRY(TomlFile::parse(text, where));
  TomlTable root = file.root();
  GatePolicy policy;
  policy.source = where.string();
  const std::int64_t schema = TRY(root.integer("schema"));
  if (schema != kPolicySchema) {
    return root.error("schema", fmt::format("{} is not the schema of this program", schema),
                      fmt::format("schema = {}", kPolicySchema));
  }
  policy.level = TRY(share(root, "level", policy.level));
  policy.confidence = TRY(share(root, "confidence", policy.confidence));
  policy.power = TRY(share(root, "power", policy.power));
  policy.accepted = TRY(root.string_or("accepted", ""));
  TRY(read_exact(root, policy));
  TRY(read_timed(root, policy));
  const double creep_percent = TRY(read_creep(root, policy));
  for (TomlTable& table : TRY(root.tables_or_none("rule"))) {
    policy.rules.push_back(TRY(read_rule(table, creep_percent)));
  }
  TRY(root.done());
  GateRule rest;  // what no rule matches blocks too: a gate that watches less must say so
  rest.match = {"*"};
  rest.creep_percent = creep_percent;
  policy.rules.push_back(std::move(rest));
  return policy;
}

Result<GatePolicy> read_gate_policy(const fs::path& file) {
  if (file.empty()) return parse_gate_policy(default_gate_policy_text(), "built-in default");
  constexpr std::uint64_t kMaxPolicy = 1U << 20;
  return parse_gate_policy(TRY(read_file(file, kMaxPolicy)), file);
}

}  // namespace aios
