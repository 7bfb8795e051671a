// SPDX-License-Identifier: Apache-2.0
// The programs that turn source into a kernel: what they are (part of a build's identity, since another compiler makes
// another image), whether they are there, and the environment that keeps the image the same from build to build.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/build/build_env.h"
#include "harness/build/kconfig_fragment.h"

namespace aios {

// A Linux that does not ask for Rust is built as if there were none: else the Rust that happens to be installed would
// stand in its .config, and so in the image.
enum class Rust { none, installed };

struct Toolchain {
  std::map<std::string, std::string> versions;  // program -> its own first line of --version
  std::string hash;
  Rust rust = Rust::none;
  bool ccache = false;
};

Result<Toolchain> find_toolchain(Rust rust, const BuildEnv& env);

// Programs that this configuration needs besides the compiler (lz4, pahole): a config error names all that are missing.
Status check_programs_for(const ConfigValues& config);

// Names, host and time that the kernel would otherwise take from this machine; no settings of the user's shell.
std::map<std::string, std::string> make_environment(const BuildEnv& env);
std::vector<std::string> compiler_words(const Toolchain& toolchain);
int job_count(const BuildEnv& env);

}  // namespace aios
