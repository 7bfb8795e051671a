// SPDX-License-Identifier: Apache-2.0
#include "python/src/record.h"

#include "harness/export/metric_row.h"
#include "harness/model/run_json_parts.h"
#include "harness/support/json.h"
#include "harness/support/text.h"
#include "reports/timeline.h"

namespace aios::python {

namespace py = pybind11;

namespace {

py::list stretches(const std::vector<Stretch>& of) {
  py::list out;
  for (const Stretch& stretch : of) out.append(py::make_tuple(printable(stretch.name), stretch.instructions));
  return out;
}

}  // namespace

std::string document_of(const RunRecord& run) {
  OrderedJson document = head_object(run);
  OrderedJson boots = OrderedJson::array();
  for (const BootRecord& boot : run.boots) boots.push_back(boot_object(boot));
  document["boots"] = std::move(boots);
  return dump_json(document);
}

py::list table_of(const RunRecord& run) {
  py::list out;
  for (const MetricRow& row : metric_rows(run)) {
    py::dict entry;
    entry["metric"] = printable(row.metric.name);
    entry["scenario"] = printable(row.metric.scenario);
    entry["unit"] = to_string(row.metric.unit);
    entry["direction"] = to_string(row.metric.direction);
    entry["fidelity"] = to_string(row.fidelity);
    entry["value"] = row.value;
    entry["lowest"] = row.lowest;
    entry["highest"] = row.highest;
    entry["boots"] = row.boots;
    entry["skipped"] = row.sample != nullptr && row.sample->skipped;
    entry["description"] = row.metric.description;
    out.append(std::move(entry));
  }
  return out;
}

py::dict timeline_of(const RunRecord& run) {
  const BootTimeline timeline = boot_timeline(run);
  py::dict out;
  out["boot"] = timeline.boot;
  out["total"] = timeline.total;
  out["phases"] = stretches(timeline.phases);
  out["initcalls"] = stretches(timeline.initcalls);
  return out;
}

}  // namespace aios::python
