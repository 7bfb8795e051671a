// SPDX-License-Identifier: Apache-2.0
// Where values that may be errors become exceptions: the classes are Python's own (aios_bench/errors.py), one a kind.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <type_traits>
#include <utility>

#include "harness/support/result.h"

namespace aios::python {

namespace py = pybind11;

// Control characters become visible escapes, lines stay lines: what quotes a guest may be printed on a terminal.
std::string printable_lines(const std::string& text);

// The exception that stands for the error; the interpreter's lock is held.
py::object exception_of(const Error& error);
[[noreturn]] void throw_error(const Error& error);

template <typename T>
T value_of(Result<T> result) {
  if (!result.ok()) throw_error(result.error());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

}  // namespace aios::python
