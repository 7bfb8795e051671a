// SPDX-License-Identifier: Apache-2.0
// The kernel that runs on this host, as the subject of a run: nothing is built and nothing can be booted; what it is
// comes from itself.
#pragma once

#include "harness/model/kernel.h"
#include "harness/support/result.h"

namespace aios {

Result<BuiltKernel> running_kernel(const std::string& name);

// The build ID in a note section such as /sys/kernel/notes, as hexadecimal digits; empty where there is none.
std::string build_id_of(std::string_view notes);

}  // namespace aios
