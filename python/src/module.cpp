// SPDX-License-Identifier: Apache-2.0
// The module aios_bench._core: names and signatures only; session.h says what they do. The package around it
// (aios_bench/*.py) is what people use.
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>

#include "harness/stats/change_points.h"
#include "harness/stats/level_steps.h"
#include "harness/support/text.h"
#include "python/src/arrays.h"
#include "python/src/record.h"
#include "python/src/session.h"

namespace aios::python {
namespace {

using Doubles = py::array_t<double, py::array::c_style | py::array::forcecast>;

// (index, before, after, relative, deviations, p) each.
py::list change_points(const Doubles& values, double level) {
  const std::span<const double> series(values.data(), static_cast<std::size_t>(values.size()));
  const auto found = [&] {
    const py::gil_scoped_release unlocked;
    return stats::change_points(series, {.level = level});
  }();
  py::list out;
  for (const auto& point : value_of(found).points) {
    out.append(py::make_tuple(point.index, point.before, point.after, point.relative(), point.deviations, point.p));
  }
  return out;
}

py::list level_steps(const Doubles& values, double fence) {
  const std::span<const double> series(values.data(), static_cast<std::size_t>(values.size()));
  py::list out;
  for (const auto& step : value_of(stats::level_steps(series, fence))) {
    stats::ChangePoint point;
    point.before = step.before;
    point.after = step.after;
    out.append(py::make_tuple(step.index, step.before, step.after, point.relative(), INFINITY, 0.0));
  }
  return out;
}

void bind_requests(py::module_& module) {
  py::class_<RunFlags>(module, "How", "How something is measured: the flags of `aios-bench run`.")
      .def(py::init<>())
      .def_readwrite("scenarios", &RunFlags::scenarios)
      .def_readwrite("machine", &RunFlags::machine)
      .def_readwrite("mode", &RunFlags::mode)
      .def_readwrite("label", &RunFlags::label)
      .def_readwrite("perturb", &RunFlags::perturb)
      .def_readwrite("boots", &RunFlags::boots)
      .def_readwrite("timeout", &RunFlags::timeout)
      .def_readwrite("cold", &RunFlags::cold)
      .def_property(
          "append", [](const RunFlags& how) { return how.subject.append; },
          [](RunFlags& how, std::vector<std::string> words) { how.subject.append = std::move(words); })
      .def_property(
          "sysctls", [](const RunFlags& how) { return how.subject.sysctls; },
          [](RunFlags& how, std::vector<std::string> pairs) { how.subject.sysctls = std::move(pairs); })
      .def_property(
          "configs", [](const RunFlags& how) { return how.subject.configs; },
          [](RunFlags& how, std::vector<std::string> files) { how.subject.configs = std::move(files); });
  py::class_<GateFlags>(module, "Gate", "What is asked of a gate: the flags of `aios-bench gate`.")
      .def(py::init([](const std::string& first, const std::string& second, const RunFlags& how) {
             GateFlags flags;
             flags.first = first;
             flags.second = second;
             flags.run = how;
             flags.run.perturb = -1;  // the policy's
             return flags;
           }),
           py::arg("first"), py::arg("second"), py::arg("how"))
      .def_readwrite("policy", &GateFlags::policy)
      .def_readwrite("accepted", &GateFlags::accepted)
      .def_readwrite("reference", &GateFlags::reference)
      .def_readwrite("budget", &GateFlags::budget)
      .def_readwrite("seed", &GateFlags::seed)
      .def_readwrite("plan_only", &GateFlags::plan_only)
      .def_property(
          "perturb", [](const GateFlags& flags) { return flags.run.perturb; },
          [](GateFlags& flags, int count) { flags.run.perturb = count; });
  py::class_<RunFilter>(module, "Filter", "Which runs of a store: empty fields do not choose.")
      .def(py::init<>())
      .def_readwrite("subject", &RunFilter::subject)
      .def_readwrite("kernel", &RunFilter::kernel)
      .def_readwrite("machine", &RunFilter::machine)
      .def_readwrite("mode", &RunFilter::mode)
      .def_readwrite("label", &RunFilter::label)
      .def_readwrite("outcome", &RunFilter::outcome)
      .def_readwrite("scenario", &RunFilter::scenario)
      .def_readwrite("limit", &RunFilter::limit);
}

void bind_session(py::module_& module) {
  py::class_<RunRecord, RunHandle>(module, "RunRecord", "A run with all its samples, as C++ holds it.")
      .def_property_readonly("id", [](const RunRecord& run) { return run.provenance.run; })
      .def("document", &document_of, "All but the samples, as JSON.")
      .def("table", &table_of, "A dict a metric.")
      .def("timeline", &timeline_of, "The boot as stretches.")
      .def(
          "samples",
          [](const RunRecord& run, bool counts, bool values) {
            const ColumnParts parts{counts, values};
            return arrays_of(columns_of(run.samples), parts);
          },
          py::arg("counts"), py::arg("values"), "The samples as arrays.");
  py::class_<Hearing>(module, "Hearing", "Who hears of progress, and under which words the work is recorded.")
      .def(py::init([](py::object listener, bool console, std::string command_line) {
             return Hearing{std::move(listener), console, std::move(command_line)};
           }),
           py::arg("listener"), py::arg("console"), py::arg("command_line"));
  py::class_<Side>(module, "Side", "A side of a comparison.")
      .def(py::init([](const RunHandle& run) {
             return Side{run, {}};
           }),
           py::arg("run"))
      .def(py::init([](std::string word) {
             return Side{nullptr, std::move(word)};
           }),
           py::arg("word"));
  py::class_<Session>(module, "Session", "Where things lie, and what can be asked.")
      .def(py::init<const std::string&, const std::string&>(), py::arg("prefix"), py::arg("store"))
      .def_property_readonly("store", [](const Session& session) { return session.paths().store.string(); })
      .def_property_readonly("data", [](const Session& session) { return session.paths().data.string(); })
      .def("listing", &Session::listing, py::arg("what"))
      .def("runs", &Session::runs, py::arg("filter"))
      .def("find", &Session::find, py::arg("word"))
      .def("read", &Session::read, py::arg("id"))
      .def("verify", &Session::verify, py::arg("id"))
      .def(
          "samples",
          [](const Session& session, const std::vector<std::string>& runs, const std::vector<std::string>& metrics,
             const std::vector<std::string>& scenarios, bool counts, bool values) {
            return session.samples(runs, {metrics, scenarios}, {counts, values});
          },
          py::arg("runs"), py::arg("metrics"), py::arg("scenarios"), py::arg("counts"), py::arg("values"))
      .def("run", &Session::run, py::arg("subject"), py::arg("how"), py::arg("markers"), py::arg("profile"),
           py::arg("hearing"))
      .def("resume", &Session::resume, py::arg("id"), py::arg("hearing"))
      .def("compare", &Session::compare, py::arg("first"), py::arg("second"), py::arg("how"), py::arg("fresh"),
           py::arg("hearing"))
      .def("gate", &Session::gate, py::arg("flags"), py::arg("hearing"))
      .def("explain", &Session::explain, py::arg("first"), py::arg("second"), py::arg("metric"), py::arg("how"),
           py::arg("fresh"), py::arg("hearing"))
      .def("claims", &Session::claims, py::arg("kernel"), py::arg("hearing"))
      .def(
          "trend",
          [](const Session& session, const std::string& kernel, const std::vector<std::string>& metrics, int last,
             const std::string& label, const std::string& machine, double level, const Hearing& hearing) {
            return session.trend({kernel, label, machine, metrics, last, level}, hearing);
          },
          py::arg("kernel"), py::arg("metrics"), py::arg("last"), py::arg("label"), py::arg("machine"),
          py::arg("level"), py::arg("hearing"));
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  module.doc() = "What the package aios_bench asks of the harness, in C++.";
  module.attr("__version__") = AIOS_VERSION;
  module.attr("build_folder") = AIOS_BINARY_DIR;
  bind_requests(module);
  bind_session(module);
  module.def("change_points", &change_points, py::arg("values"), py::arg("level"));
  module.def(
      "format_value",
      [](double value, const std::string& unit) { return format_value(value, value_of(parse_unit(unit))); },
      py::arg("value"), py::arg("unit"), "As every report writes it: '12,950 instr', '1.74 s'.");
  module.def("printable", &printable, py::arg("text"), "Control characters become visible escapes.");
  module.def("printable_lines", &printable_lines, py::arg("text"), "The same, and lines stay lines.");
  module.def("level_steps", &level_steps, py::arg("values"), py::arg("fence"));
}

}  // namespace aios::python
