// SPDX-License-Identifier: Apache-2.0
#include "harness/support/json.h"
#include "reports/diff.h"

namespace aios {
namespace {

OrderedJson side_json(const DiffSide& side) {
  return {{"run", side.run},     {"subject", side.subject}, {"name", side.name},
          {"title", side.title}, {"started", side.started}, {"outcome", side.outcome}};
}

OrderedJson claim_side(const ClaimVerdict& side) {
  return {{"verdict", to_string(side.verdict)},
          {"value", side.value ? OrderedJson(*side.value) : OrderedJson(nullptr)},
          {"unit", to_string(side.unit)},
          {"reason", side.reason}};
}

OrderedJson texts_json(const std::vector<TextDifference>& rows) {
  OrderedJson out = OrderedJson::array();
  for (const TextDifference& row : rows)
    out.push_back({{"name", row.name}, {"first", row.first}, {"second", row.second}});
  return out;
}

OrderedJson stretches_json(const std::vector<StretchDifference>& stretches) {
  OrderedJson out = OrderedJson::array();
  for (const StretchDifference& entry : stretches) {
    out.push_back({{"name", entry.name},
                   {"first", entry.first ? OrderedJson(*entry.first) : OrderedJson(nullptr)},
                   {"second", entry.second ? OrderedJson(*entry.second) : OrderedJson(nullptr)},
                   {"difference", entry.difference()}});
  }
  return out;
}

}  // namespace

std::string diff_to_json(const RunDiff& diff, int indent) {
  OrderedJson out;
  out["schema"] = kDiffSchema;
  out["kind"] = "aios-bench diff";
  out["headline"] = diff_headline(diff);
  out["first"] = side_json(diff.first);
  out["second"] = side_json(diff.second);
  out["comparison"] = OrderedJson::parse(comparison_to_json(diff.comparison), nullptr, false);
  OrderedJson metrics = OrderedJson::array();
  for (const ComparisonRow& row : diff.metrics) metrics.push_back(row.metric);
  out["metrics_that_differ"] = std::move(metrics);
  OrderedJson claims = OrderedJson::array();
  for (const ClaimDifference& entry : diff.claims) {
    claims.push_back({{"id", entry.first.claim.id},
                      {"kernel", entry.first.claim.kernel},
                      {"claim", entry.first.claim.text},
                      {"target", entry.first.target_text},
                      {"first", claim_side(entry.first)},
                      {"second", claim_side(entry.second)}});
  }
  out["claims"] = std::move(claims);
  out["options_known"] = diff.options_known;
  out["options"] = texts_json(diff.options);
  out["words_only_in_first"] = diff.words_first;
  out["words_only_in_second"] = diff.words_second;
  out["provenance"] = texts_json(diff.provenance);
  out["phases"] = stretches_json(diff.phases);
  out["initcalls"] = stretches_json(diff.initcalls);
  out["alike"] = {{"metrics", diff.metrics_alike},
                  {"claims", diff.claims_alike},
                  {"provenance", diff.provenance_alike},
                  {"phases", diff.phases_alike},
                  {"initcalls", diff.initcalls_alike}};
  // Only ASCII, so that it is harmless on a terminal too.
  return out.dump(indent, ' ', true, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace aios
