// SPDX-License-Identifier: Apache-2.0
// Reads what make writes: counts what is done, and finds the first thing that went wrong. The last line of a failed
// parallel build ("make: *** Error 2") tells nothing; the first error does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/support/result.h"

namespace aios {

struct BuildFailure {
  std::string where;    // "fs/ext4/inode.c:12:3", or the make target
  std::string message;  // the compiler's words
  bool host = false;    // the machine's fault (disk full, out of memory), not the kernel's
};

class BuildLog {
 public:
  // `source` is taken off the front of file names.
  explicit BuildLog(std::string source) : source_(std::move(source)) {}

  // Returns what is being made if the line says so ("fs/ext4/inode.o").
  std::optional<std::string_view> line(std::string_view text);

  std::uint64_t steps() const { return steps_; }
  const std::optional<BuildFailure>& failure() const { return failure_; }

 private:
  void look_for_error(std::string_view text);

  std::string source_;
  std::uint64_t steps_ = 0;
  std::optional<BuildFailure> failure_;
  int strength_ = 0;  // how telling the failure found so far is
};

// kernel_fault, or infra_fault where the host is to blame.
Error build_error(const BuildLog& log, std::string_view kernel, std::string_view log_path);

}  // namespace aios
