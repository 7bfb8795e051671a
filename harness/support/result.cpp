// SPDX-License-Identifier: Apache-2.0
#include "harness/support/result.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace aios {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kernel_fault:
      return "kernel_fault";
    case ErrorKind::infra_fault:
      return "infra_fault";
    case ErrorKind::config:
      return "config";
    case ErrorKind::interrupted:
      return "interrupted";
    case ErrorKind::internal:
      return "internal";
  }
  return "internal";
}

Error Error::wrap(std::string outer_what, std::string outer_where) && {
  Error outer{kind, std::move(outer_what), std::move(outer_where), {}, nullptr};
  outer.cause = std::make_shared<const Error>(std::move(*this));
  return outer;
}

std::string Error::describe() const {
  std::string text;
  const std::string* last_hint = nullptr;
  for (const Error* error = this; error != nullptr; error = error->cause.get()) {
    if (error != this) text += "\n  because: ";
    if (!error->where.empty()) text += fmt::format("{}: ", error->where);
    text += error->what;
    if (!error->hint.empty()) last_hint = &error->hint;
  }
  if (last_hint != nullptr) text += fmt::format("\n  hint: {}", *last_hint);
  return text;
}

Error kernel_fault(std::string what, std::string where, std::string hint) {
  return {ErrorKind::kernel_fault, std::move(what), std::move(where), std::move(hint), nullptr};
}

Error infra_fault(std::string what, std::string where, std::string hint) {
  return {ErrorKind::infra_fault, std::move(what), std::move(where), std::move(hint), nullptr};
}

Error config_error(std::string what, std::string where, std::string hint) {
  return {ErrorKind::config, std::move(what), std::move(where), std::move(hint), nullptr};
}

Error interrupted(std::string what) { return {ErrorKind::interrupted, std::move(what), {}, {}, nullptr}; }

Error internal_error(std::string what, std::string where) {
  return {ErrorKind::internal, std::move(what), std::move(where), {}, nullptr};
}

Error system_error(std::string what, std::string where, int errno_value) {
  std::string hint;
  if (errno_value == ENOSPC || errno_value == EDQUOT) {
    hint = "the disk is full: free some space (`aios-bench gc` removes what can be made again) and repeat the command";
  }
  return infra_fault(fmt::format("{}: {}", what, std::strerror(errno_value)), std::move(where), std::move(hint));
}

}  // namespace aios
