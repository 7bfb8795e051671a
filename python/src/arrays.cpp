// SPDX-License-Identifier: Apache-2.0
#include "python/src/arrays.h"

#include <pybind11/stl.h>

#include <string>

namespace aios::python {
namespace {

py::tuple words_of(WordColumn column) {
  py::list words;
  // Names come from guests, too: what is not UTF-8 is shown as such.
  for (const std::string& word : column.words) {
    words.append(py::reinterpret_steal<py::object>(
        PyUnicode_DecodeUTF8(word.data(), static_cast<Py_ssize_t>(word.size()), "backslashreplace")));
  }
  return py::make_tuple(array_over(std::move(column.codes)), std::move(words));
}

}  // namespace

py::dict arrays_of(SampleColumns columns, ColumnParts parts) {
  py::dict out;
  out["metric"] = words_of(std::move(columns.metric));
  out["scenario"] = words_of(std::move(columns.scenario));
  out["unit"] = words_of(std::move(columns.unit));
  out["fidelity"] = words_of(std::move(columns.fidelity));
  out["boot"] = array_over(std::move(columns.boot));
  out["perturbation"] = array_over(std::move(columns.perturbation));
  out["value"] = array_over(std::move(columns.value));
  out["overhead"] = array_over(std::move(columns.overhead));
  out["minimum"] = array_over(std::move(columns.minimum));
  out["maximum"] = array_over(std::move(columns.maximum));
  out["iterations"] = array_over(std::move(columns.iterations));
  out["interrupted_iterations"] = array_over(std::move(columns.interrupted_iterations));
  out["skipped"] = array_over(std::move(columns.skipped)).attr("view")("bool");
  out["detail"] = words_of(std::move(columns.detail));
  if (parts.counts) {
    for (std::size_t i = 0; i < kCountClasses; ++i) {
      const std::string name(to_string(static_cast<CountClass>(i)));
      out[py::str(name)] = array_over(std::move(columns.counts[i]));
    }
  }
  if (parts.values) {
    out["lengths"] = array_over(std::move(columns.lengths));
    out["iteration_value"] = array_over(std::move(columns.iteration_value));
    out["iteration_times"] = array_over(std::move(columns.iteration_times));
  }
  return out;
}

py::dict arrays_of(SampleTable table, ColumnParts parts) {
  py::object run = array_over(std::move(table.run));
  py::dict out = arrays_of(static_cast<SampleColumns&&>(std::move(table)), parts);
  out["run"] = std::move(run);
  return out;
}

}  // namespace aios::python
