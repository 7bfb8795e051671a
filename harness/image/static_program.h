// SPDX-License-Identifier: Apache-2.0
// A guest has no libraries: a program that wants a dynamic linker would only say "not found" there. It is refused here,
// where the reason can be told.
#pragma once

#include "harness/support/files.h"

namespace aios {

Status require_static_program(const fs::path& path);

}  // namespace aios
