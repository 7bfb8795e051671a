// SPDX-License-Identifier: Apache-2.0
#include "python/src/session.h"

#include <pybind11/stl.h>

#include "harness/cli/compared_side.h"
#include "harness/cli/gate_run.h"
#include "harness/cli/listing.h"
#include "harness/cli/measure.h"
#include "harness/cli/profiled_sides.h"
#include "harness/cli/stored_claims.h"
#include "harness/cli/stored_runs.h"
#include "harness/judge/compare.h"
#include "harness/run/repeat.h"
#include "harness/store/column_cache.h"
#include "python/src/arrays.h"

namespace aios::python {
namespace {

RunHandle handle_of(RunRecord run) { return std::make_shared<RunRecord>(std::move(run)); }

// What is read in no time, and tells nobody.
template <typename T>
T at_once(const Paths& paths, const std::function<Result<T>(const Context&, Store&)>& work) {
  return in_background<T>(paths, {py::none()}, [&](const Context& context) -> Result<T> {
    Store store = TRY(Store::open(context.paths.store));
    return work(context, store);
  });
}

}  // namespace

Session::Session(const std::string& prefix, const std::string& store) : paths_(value_of(find_paths(prefix))) {
  if (!store.empty()) paths_.store = fs::absolute(store);
}

std::vector<std::string> Session::listing(const std::string& what) const {
  using Documents = std::vector<std::string>;
  return in_background<Documents>(paths_, {py::none()}, [&](const Context& context) -> Result<Documents> {
    Documents out;
    for (auto& row : TRY(aios::listing(context, what))) out.push_back(std::move(row.json));
    return out;
  });
}

py::list Session::runs(const RunFilter& filter) const {
  using Summaries = std::vector<RunSummary>;
  const auto found = at_once<Summaries>(paths_, [&](const Context&, Store& store) { return store.list(filter); });
  py::list out;
  for (const RunSummary& run : found) {
    py::dict row;
    row["run"] = run.id;
    row["started"] = run.started;
    row["subject"] = run.subject;
    row["kernel"] = run.kernel;
    row["machine"] = run.machine;
    row["mode"] = run.mode;
    row["fidelity"] = run.fidelity;
    row["label"] = run.label;
    row["outcome"] = run.outcome;
    row["scenarios"] = run.scenarios;
    row["boots"] = run.boots;
    row["samples"] = run.samples;
    row["sealed"] = run.sealed;
    row["error"] = run.error;
    out.append(std::move(row));
  }
  return out;
}

std::string Session::find(const std::string& word) const {
  return at_once<std::string>(paths_,
                              [&](const Context& context, Store& store) { return find_run(context, store, word); });
}

RunHandle Session::read(const std::string& id) const {
  return handle_of(at_once<RunRecord>(
      paths_, [&](const Context&, Store& store) -> Result<RunRecord> { return TRY(store.read_run(id)).run; }));
}

void Session::verify(const std::string& id) const {
  at_once<bool>(paths_, [&](const Context&, Store& store) -> Result<bool> {
    TRY(store.verify(id));
    return true;
  });
}

py::dict Session::samples(const std::vector<std::string>& runs, const RowChoice& choice, ColumnParts parts) const {
  return arrays_of(at_once<SampleTable>(paths_,
                                        [&](const Context& context, Store& store) {
                                          return read_sample_table(store, runs, choice, parts, context.cancel);
                                        }),
                   parts);
}

RunHandle Session::run(const std::string& subject, const RunFlags& how, const std::vector<std::string>& markers,
                       bool profile, const Hearing& hearing) const {
  return handle_of(in_background<RunRecord>(paths_, hearing, [&](const Context& context) -> Result<RunRecord> {
    Store store = TRY(Store::open(context.paths.store));
    RunRequest request = TRY(make_request(context, subject, how));
    request.markers = markers;
    return profile ? measure_profiled(context, store, request) : measure(context, store, request);
  }));
}

RunHandle Session::resume(const std::string& id, const Hearing& hearing) const {
  return handle_of(in_background<RunRecord>(paths_, hearing, [&](const Context& context) -> Result<RunRecord> {
    Store store = TRY(Store::open(context.paths.store));
    const std::string whole = TRY(find_run(context, store, id));
    return measure(context, store, TRY(request_of(store, whole)), whole);
  }));
}

std::string Session::compare(const Side& first, const Side& second, const RunFlags& how, bool fresh,
                             const Hearing& hearing) const {
  return in_background<std::string>(paths_, hearing, [&](const Context& context) -> Result<std::string> {
    Store store = TRY(Store::open(context.paths.store));
    const auto record = [&](const Side& side) -> Result<RunHandle> {
      if (side.run != nullptr) return side.run;
      return handle_of(TRY(compared_side(context, store, side.word, how, fresh)));
    };
    const RunHandle a = TRY(record(first));
    const RunHandle b = TRY(record(second));
    return comparison_to_json(compare_runs(*a, *b));
  });
}

py::object Session::gate(const GateFlags& flags, const Hearing& hearing) const {
  using Document = std::optional<std::string>;
  const auto report = in_background<Document>(paths_, hearing, [&](const Context& context) -> Result<Document> {
    Store store = TRY(Store::open(context.paths.store));
    const auto judged = TRY(run_gate(context, store, flags));
    return judged ? Document(gate_to_json(*judged)) : Document();
  });
  return report ? py::object(py::str(*report)) : py::object(py::none());
}

std::string Session::explain(const std::string& first, const std::string& second, const std::string& metric,
                             const RunFlags& how, bool fresh, const Hearing& hearing) const {
  return in_background<std::string>(paths_, hearing, [&](const Context& context) -> Result<std::string> {
    Store store = TRY(Store::open(context.paths.store));
    const ProfiledSides sides = TRY(profiled_sides(context, store, {first, second, metric, how, fresh}));
    const auto metrics = TRY(chosen_metrics(sides, metric));
    return explanation_to_json(TRY(explanation_of(sides, metrics)));
  });
}

std::string Session::claims(const std::string& kernel, const Hearing& hearing) const {
  return in_background<std::string>(paths_, hearing, [&](const Context& context) -> Result<std::string> {
    Store store = TRY(Store::open(context.paths.store));
    return claims_to_json(TRY(stored_claims(context, store, kernel)));
  });
}

std::string Session::trend(const TrendQuery& query, const Hearing& hearing) const {
  return in_background<std::string>(paths_, hearing, [&](const Context& context) -> Result<std::string> {
    Store store = TRY(Store::open(context.paths.store));
    return trend_to_json(TRY(stored_trend(context, store, query)));
  });
}

}  // namespace aios::python
