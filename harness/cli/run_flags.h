// SPDX-License-Identifier: Apache-2.0
// The flags that say how something is measured: shared by run and compare.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/subject_flags.h"
#include "harness/run/request.h"

namespace aios {

struct RunFlags {
  SubjectFlags subject;
  std::vector<std::string> scenarios;
  std::string machine, mode = "auto", label;
  int perturb = 0, boots = 0;
  double timeout = 0;
  bool cold = false;

  bool given() const;  // any of them
};

void add_run_flags(FlagSet& set, RunFlags& flags);
Result<RunRequest> make_request(const Context& context, const std::string& subject, const RunFlags& flags);

}  // namespace aios
