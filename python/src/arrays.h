// SPDX-License-Identifier: Apache-2.0
// Columns as NumPy arrays: an array takes over the memory of a column, nothing is copied.
#pragma once

#include <pybind11/numpy.h>

#include <memory>
#include <vector>

#include "harness/store/sample_columns.h"

namespace aios::python {

namespace py = pybind11;

template <typename T>
py::array_t<T> array_over(std::vector<T> column) {
  auto kept = std::make_unique<std::vector<T>>(std::move(column));
  const T* data = kept->data();
  const auto size = static_cast<py::ssize_t>(kept->size());
  const py::capsule owner(kept.release(), [](void* memory) { delete static_cast<std::vector<T>*>(memory); });
  return py::array_t<T>(size, data, owner);
}

// Name -> array; a column of words -> (codes, words). Counts stand under the names of their classes.
py::dict arrays_of(SampleColumns columns, ColumnParts parts);
py::dict arrays_of(SampleTable table, ColumnParts parts);

}  // namespace aios::python
