// SPDX-License-Identifier: Apache-2.0
#include "python/src/errors.h"

#include "harness/support/text.h"

namespace aios::python {
namespace {

const char* class_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kernel_fault:
      return "KernelFault";
    case ErrorKind::infra_fault:
      return "InfraFault";
    case ErrorKind::config:
      return "ConfigError";
    case ErrorKind::interrupted:
      return "Interrupted";
    case ErrorKind::internal:
      return "InternalError";
  }
  return "InternalError";
}

}  // namespace

std::string printable_lines(const std::string& text) {
  std::string out;
  for (const std::string& line : split(text, '\n')) out += (out.empty() ? "" : "\n") + printable(line);
  return out;
}

py::object exception_of(const Error& error) {
  std::string message = error.what;
  for (auto cause = error.cause; cause != nullptr; cause = cause->cause) message += "\n" + cause->what;
  const py::object type = py::module_::import("aios_bench.errors").attr(class_of(error.kind));
  return type(printable_lines(message), py::arg("where") = printable_lines(error.where),
              py::arg("hint") = printable_lines(error.hint));
}

void throw_error(const Error& error) {
  const py::object exception = exception_of(error);
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw py::error_already_set();
}

}  // namespace aios::python
