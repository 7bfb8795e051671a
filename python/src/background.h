// SPDX-License-Identifier: Apache-2.0
// What takes long runs on a thread of its own, without the interpreter's lock; the thread that asked for it waits,
// hands on progress and looks for Ctrl-C. An exception there (Ctrl-C, one from the listener) cancels the work, waits
// until it has ended (no guest is left behind), and is raised then.
#pragma once

#include <pybind11/pybind11.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/cli/context.h"
#include "python/src/errors.h"

namespace aios::python {

// Who listens: called as listener(kind, text, done, total, seconds_left) on the waiting thread; None: nobody.
struct Hearing {
  py::object listener;
  bool console = false;      // the guest's console, too
  std::string command_line;  // for the provenance
};

// What stopped the waiting, if anything did; the work has ended either way.
std::optional<py::error_already_set> work_beside(const Paths& paths, const Hearing& hearing,
                                                 const std::function<void(const Context&)>& work);
// Ctrl-C as this package says it; any other exception as it is.
[[noreturn]] void raise_stopped(py::error_already_set stopped);

template <typename T>
T in_background(const Paths& paths, const Hearing& hearing, const std::function<Result<T>(const Context&)>& work) {
  std::optional<Result<T>> outcome;
  auto stopped = work_beside(paths, hearing, [&](const Context& context) { outcome.emplace(work(context)); });
  if (stopped) raise_stopped(std::move(*stopped));
  if (!outcome) throw_error(internal_error("the work ended without a result"));
  return value_of(std::move(*outcome));
}

}  // namespace aios::python
