// SPDX-License-Identifier: Apache-2.0
// Debian packages as a source of files: found, downloaded with apt (no root, nothing is installed), unpacked. What a
// meta-package resolves to is remembered until apt's lists change, so that asking again costs no run of apt.
#pragma once

#include <string>
#include <vector>

#include "harness/build/build_env.h"

namespace aios {

struct DebianPackage {
  std::string name;     // after following a meta-package: "linux-image-6.1.0-56-cloud-amd64"
  std::string version;  // "6.1.192-2"
};

// A package with its version; a meta-package linux-image-FLAVOUR becomes the kernel's own package.
Result<DebianPackage> resolve_debian_package(const std::string& name, const BuildEnv& env);

// The names of what a package depends on, first alternatives only.
Result<std::vector<std::string>> debian_dependencies(const std::string& name, const BuildEnv& env);

// The .deb in the cache, downloaded if it is not there yet.
Result<fs::path> fetch_debian_package(const DebianPackage& package, const BuildEnv& env);

// NAME.tar.xz: where the installed package has put it (/usr/src), or out of the downloaded package.
struct DebianTarball {
  fs::path path;
  std::string version;
};
Result<DebianTarball> find_debian_tarball(const std::string& name, const BuildEnv& env);

}  // namespace aios
