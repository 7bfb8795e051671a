// SPDX-License-Identifier: Apache-2.0
// Kernels that somebody else has built: a distribution's package, unpacked into an artifact like a build's, and image
// files, which are taken as they are, from where they lie.
#pragma once

#include "harness/build/build_env.h"
#include "harness/model/kernel.h"

namespace aios {

Result<BuiltKernel> fetch_prebuilt(const Kernel& kernel, const BuildEnv& env);

// Of the package that it came in ("6.1.192-2"), or "".
std::string package_version_of(const BuiltKernel& prebuilt);

Result<BuiltKernel> take_image(const fs::path& image, const std::string& name, const BuildEnv& env);

}  // namespace aios
