// SPDX-License-Identifier: Apache-2.0
// What modules are built against where the kernel is a distribution's package: its headers packages, downloaded and
// unpacked into the cache, never installed.
#pragma once

#include <string>

#include "harness/build/build_env.h"

namespace aios {

struct KernelHeaders {
  fs::path tree;    // with Makefile, .config, Module.symvers and scripts
  std::string key;  // packages and their versions
};

// Of the kernel whose release is `release` ("6.1.0-56-cloud-amd64"), in the version of its own package.
Result<KernelHeaders> fetch_kernel_headers(const std::string& release, const std::string& version, const BuildEnv& env);

// The headers' Makefile includes another one by the path of an installed package: that path, below `root`.
std::string makefile_below(std::string text, const std::string& root);

}  // namespace aios
