// SPDX-License-Identifier: Apache-2.0
// What the harness knows of the kernel without booting it: sizes of its files, and what the build and its config audit
// came to (build.*). These samples go with the first boot of a run.
#pragma once

#include <string>
#include <vector>

#include "harness/model/kernel.h"
#include "harness/run/plan.h"

namespace aios {

// `audit_json`: the audit's text, empty where the kernel was not built from source.
std::vector<Sample> build_samples(const std::string& audit_json);
// Of the scenario footprint: image_bytes and vmlinux_bytes.
std::vector<Sample> file_size_samples(const BuiltKernel& kernel);

// The metrics of a run as they were defined: the scenarios', in the mode's units, and the build's.
std::vector<Metric> metrics_of(const Plan& plan, bool built);

}  // namespace aios
