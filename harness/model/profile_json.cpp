// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "harness/model/json_fields.h"
#include "harness/model/migration.h"
#include "harness/model/profile.h"

namespace aios {
namespace {

const std::vector<SchemaStep> kProfileSteps = {};

template <std::size_t N>
Result<std::array<std::int64_t, N>> numbers_of(const Json& row, const std::string& where) {
  std::array<std::int64_t, N> out{};
  if (!row.is_array() || row.size() != N) return infra_fault(fmt::format("expected {} numbers", N), where);
  for (std::size_t i = 0; i < N; ++i) {
    if (!row[i].is_number_integer()) return infra_fault("expected a whole number", where);
    out[i] = row[i].get<std::int64_t>();
  }
  return out;
}

bool below(std::int64_t index, std::size_t size) { return index >= 0 && static_cast<std::size_t>(index) < size; }

Result<ProfileSpan> read_span(const Json& item, const std::string& where, std::size_t nodes) {
  JsonFields fields(item, where);
  ProfileSpan span;
  span.metric = fields.text("metric");
  span.typical_iterations = fields.integer_or("typical_iterations", 0);
  span.other_iterations = fields.integer_or("other_iterations", 0);
  span.callers = fields.boolean_or("callers", true);
  fields.each("costs", [&](const Json& row, const std::string& at) -> Status {
    const auto [node, typical, other] = TRY(numbers_of<3>(row, at));
    if (!below(node, nodes)) return infra_fault("there is no such place in the tree of callers", at);
    span.costs.push_back({static_cast<int>(node), typical, other});
    return {};
  });
  TRY(fields.status());
  return span;
}

}  // namespace

const ProfileSpan* Profile::span(const std::string& metric) const {
  for (const ProfileSpan& candidate : spans) {
    if (candidate.metric == metric) return &candidate;
  }
  return nullptr;
}

std::string profile_to_json(const Profile& profile) {
  OrderedJson out;
  out["schema"] = kProfileSchema;
  out["scenario"] = profile.scenario;
  out["boot"] = profile.boot;
  out["notes"] = profile.notes;
  OrderedJson functions = OrderedJson::array();
  for (const ProfiledFunction& function : profile.functions) {
    OrderedJson row{{"name", function.name}, {"image", function.image}};
    if (function.address != 0) row["address"] = fmt::format("{:x}", function.address);
    if (function.size != 0) row["size"] = function.size;
    functions.push_back(std::move(row));
  }
  out["functions"] = std::move(functions);
  OrderedJson nodes = OrderedJson::array();
  for (const ProfileNode& node : profile.nodes) {
    nodes.push_back(OrderedJson::array({node.parent, node.function, node.unknown_caller ? 1 : 0}));
  }
  out["nodes"] = std::move(nodes);
  OrderedJson spans = OrderedJson::array();
  for (const ProfileSpan& span : profile.spans) {
    OrderedJson costs = OrderedJson::array();
    for (const ProfileCost& cost : span.costs) {
      costs.push_back(OrderedJson::array({cost.node, cost.typical, cost.other}));
    }
    spans.push_back({{"metric", span.metric},
                     {"typical_iterations", span.typical_iterations},
                     {"other_iterations", span.other_iterations},
                     {"callers", span.callers},
                     {"costs", std::move(costs)}});
  }
  out["spans"] = std::move(spans);
  return dump_json(out) + "\n";
}

Result<Profile> profile_from_json(const std::string& text, const std::string& where) {
  Json document = TRY(parse_json(text, where));
  TRY(migrate_schema(document, kProfileSchema, kProfileSteps, where));
  JsonFields fields(document, where);
  Profile out;
  out.scenario = fields.text_or("scenario");
  out.boot = fields.small_or("boot", 0);
  out.notes = fields.texts_or_none("notes");
  fields.each("functions", [&](const Json& item, const std::string& at) -> Status {
    JsonFields row(item, at);
    ProfiledFunction function{.name = row.text("name"), .image = row.text_or("image"), .address = 0, .size = 0};
    function.address = std::strtoull(row.text_or("address", "0").c_str(), nullptr, 16);
    function.size = static_cast<std::uint64_t>(row.integer_or("size", 0));
    out.functions.push_back(std::move(function));
    return row.status();
  });
  fields.each("nodes", [&](const Json& row, const std::string& at) -> Status {
    const auto [parent, function, unknown] = TRY(numbers_of<3>(row, at));
    // Parents stand first: whoever follows them comes to an end.
    if (parent != -1 && !below(parent, out.nodes.size())) return infra_fault("a caller stands behind its callee", at);
    if (!below(function, out.functions.size())) return infra_fault("there is no such function", at);
    out.nodes.push_back({static_cast<int>(parent), static_cast<int>(function), unknown != 0});
    return {};
  });
  fields.each("spans", [&](const Json& item, const std::string& at) -> Status {
    out.spans.push_back(TRY(read_span(item, at, out.nodes.size())));
    return {};
  });
  TRY(fields.status());
  return out;
}

}  // namespace aios
