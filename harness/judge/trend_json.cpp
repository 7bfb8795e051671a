// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "harness/judge/trend.h"
#include "harness/support/json.h"

namespace aios {
namespace {

OrderedJson trend_point_json(const TrendPoint& point) {
  const double change = point.before == 0 ? INFINITY : (point.after - point.before) / std::fabs(point.before);
  return {{"index", point.index},
          {"run", point.run},
          {"subject", point.subject},
          {"label", point.label},
          {"started", point.started},
          {"last_before", point.last_before},
          {"before", point.before},
          {"after", point.after},
          {"magnitude", std::isfinite(change) ? OrderedJson(change) : OrderedJson(nullptr)},
          {"direction", point.direction},
          {"p", point.p},
          {"confidence", point.confidence()},
          {"inputs_changed", point.inputs_changed}};
}

}  // namespace

std::string trend_to_json(const Trend& trend, int indent) {
  OrderedJson series = OrderedJson::array();
  for (const TrendSeries& one : trend.series) {
    OrderedJson points = OrderedJson::array();
    for (const TrendPoint& point : one.points) points.push_back(trend_point_json(point));
    OrderedJson row = {{"series", one.name},
                       {"machine", one.machine},
                       {"mode", one.mode},
                       {"metric", one.metric},
                       {"scenario", one.scenario},
                       {"unit", to_string(one.unit)},
                       {"fidelity", to_string(one.fidelity)},
                       {"judged", one.exact ? "exact" : "noise"}};
    if (one.fence) row["fence"] = {{"share", *one.fence}, {"from", one.fence_from}};
    if (!one.exact) row["noise"] = one.noise;
    row["runs"] = one.runs;
    row["values"] = one.values;
    row["points"] = std::move(points);
    row["warnings"] = one.warnings;
    series.push_back(std::move(row));
  }
  const OrderedJson document = {
      {"schema", 1}, {"runs", trend.runs}, {"left_out", trend.left_out}, {"series", std::move(series)}};
  return dump_json(document, indent);
}

}  // namespace aios
