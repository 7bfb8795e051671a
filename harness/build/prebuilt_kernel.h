// SPDX-License-Identifier: Apache-2.0
// Kernels that somebody else has built: a distribution's package, unpacked into an artifact like a build's, and image
// files, which are taken as they are, from where they lie.
#pragma once

#include "harness/build/build_env.h"
#include "harness/model/kernel.h"

namespace aios {

Result<BuiltKernel> fetch_prebuilt(const Kernel& kernel, const BuildEnv& env);

Result<BuiltKernel> take_image(const fs::path& image, const std::string& name, const BuildEnv& env);

}  // namespace aios
