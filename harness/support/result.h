// SPDX-License-Identifier: Apache-2.0
// Errors are values. A Result<T> is either a T or an Error, and an Error has a kind that decides who is to blame: only
// ErrorKind::kernel_fault may turn a kernel red. TRY(expr) hands an error on to the caller and yields the value
// otherwise.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace aios {

enum class ErrorKind { kernel_fault, infra_fault, config, interrupted, internal };

std::string_view to_string(ErrorKind kind);

struct [[nodiscard]] Error {
  ErrorKind kind = ErrorKind::internal;
  std::string what;   // what was wrong, one sentence
  std::string where;  // file:line, command or device; may be empty
  std::string hint;   // what to do; may be empty
  std::shared_ptr<const Error> cause;

  // The same error seen from further up: "what" is the new sentence, this one becomes the cause, the kind stays.
  Error wrap(std::string outer_what, std::string outer_where = {}) &&;
  // For a person: the chain, one line each, the hint last.
  std::string describe() const;
};

Error kernel_fault(std::string what, std::string where = {}, std::string hint = {});
Error infra_fault(std::string what, std::string where = {}, std::string hint = {});
Error config_error(std::string what, std::string where = {}, std::string hint = {});
Error interrupted(std::string what = "interrupted");
Error internal_error(std::string what, std::string where = {});
// An infra_fault that carries strerror(errno_value); ENOSPC and EDQUOT get a hint about the full disk.
Error system_error(std::string what, std::string where, int errno_value);

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  // By value, not by reference: what `f().value()` yields then outlives the Result, as in `for (x : f().value())`.
  T value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }
  T value_or(T other) && { return ok() ? std::move(*this).value() : std::move(other); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design
  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  void value() const {}
  Error& error() & { return *error_; }
  const Error& error() const& { return *error_; }
  Error&& error() && { return std::move(*error_); }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace aios

// Yields the value of a Result, or returns its error from the enclosing function. Nests.
#define TRY(expression) AIOS_TRY_COUNTED(expression, __COUNTER__)
#define AIOS_TRY_COUNTED(expression, number) AIOS_TRY_JOINED(expression, number)
#define AIOS_TRY_JOINED(expression, number) AIOS_TRY_NAMED(expression, try_result_##number)
#define AIOS_TRY_NAMED(expression, name)            \
  ({                                                \
    auto name = (expression);                       \
    if (!name.ok()) return std::move(name).error(); \
    std::move(name).value();                        \
  })
