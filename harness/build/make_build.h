// SPDX-License-Identifier: Apache-2.0
// A kernel that a plain Makefile builds: `make WORDS O=FOLDER` in a private copy of its source. The Makefile may build
// below O, which is kept from build to build, or in its own tree, which is made clean whenever the source moves. Found
// again by content like a Linux build; its symbols are written down beside it.
#pragma once

#include "harness/build/linux_build.h"

namespace aios {

Result<BuiltKernel> build_with_make(const Kernel& kernel, const Subject& subject, const BuildEnv& env);

}  // namespace aios
