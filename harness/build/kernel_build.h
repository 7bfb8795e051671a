// SPDX-License-Identifier: Apache-2.0
// From a subject to something that boots. Content-addressed: what has been built from the same source, configuration,
// patches and compiler is found again, in under 0.3 s, without running make. Start reading here.
#pragma once

#include "harness/build/build_env.h"
#include "harness/build/config_audit.h"
#include "harness/build/kernel_config.h"
#include "harness/model/kernel.h"
#include "harness/model/subject.h"

namespace aios {

// Any kernel of kernels/: built from source, fetched as a package, or an image file that the manifest names. A kernel
// that does not compile is a kernel_fault with its first error; a missing program is a config error.
Result<BuiltKernel> build_kernel(const Kernel& kernel, const Subject& subject, const BuildEnv& env);

// A black box from the command line: the file as it is, booted from where it lies.
Result<BuiltKernel> image_as_is(const Subject& subject, std::vector<std::string> markers, const BuildEnv& env);

// Only the configuration, half a minute instead of ten: what would be in effect, and why not. Writes no artifact.
Result<ConfigAudit> audit_kernel(const Kernel& kernel, const Subject& subject, const BuildEnv& env);

// What Kconfig makes of it, and its word on every option that the fragments ask for.
Result<ConfiguredTree> configure_only(const Kernel& kernel, const Subject& subject, const BuildEnv& env);

}  // namespace aios
