// SPDX-License-Identifier: Apache-2.0
// A subject as a command takes it: the word and the flags that belong to one side of a comparison.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/cli/flag_set.h"
#include "harness/model/kernel.h"
#include "harness/model/subject.h"

namespace aios {

struct SubjectFlags {
  std::vector<std::string> append;   // --append, each possibly of several words
  std::vector<std::string> sysctls;  // --sysctl K=V
  std::vector<std::string> configs;  // --config FILE
};

void add_subject_flags(FlagSet& set, SubjectFlags& flags);
Result<Subject> resolve_subject(const Context& context, const std::string& text, const SubjectFlags& flags);

// The kernel behind a subject, built or fetched; an image as it is.
Result<BuiltKernel> build_subject(const Context& context, const fs::path& cache, const Subject& subject,
                                  const std::vector<std::string>& markers, int jobs = 0);

}  // namespace aios
