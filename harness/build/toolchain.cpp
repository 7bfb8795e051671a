// SPDX-License-Identifier: Apache-2.0
#include "harness/build/toolchain.h"

#include <fmt/format.h>

#include <span>
#include <thread>

#include "harness/support/hash.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// flex, bison, bc and perl leave no trace in the image but are needed by every Linux build.
constexpr const char* kNeeded[] = {"gcc", "ld", "make", "flex", "bison", "bc", "perl"};
constexpr const char* kInIdentity[] = {"gcc", "ld"};
// Where a kernel uses them they shape its image; pahole's version stands in every .config.
constexpr const char* kInIdentityIfThere[] = {"pahole", "lz4", "xz", "zstd", "gzip"};
constexpr const char* kOfRust[] = {"rustc", "bindgen"};

Status missing_error(const std::vector<std::string>& missing) {
  if (missing.empty()) return {};
  return config_error(
      fmt::format("building this kernel needs programs that are not installed: {}", join(missing, ", ")), {},
      "run ci/setup, or: apt-get install build-essential bc bison flex libelf-dev libssl-dev cpio "
      "xz-utils lz4 zstd kmod dwarves");
}

Result<std::string> first_line_of_version(const char* program, const BuildEnv& env) {
  const std::string out = TRY(
      run_checked({.argv = {program, "--version"}, .env = {{"LC_ALL", "C"}}}, {.limit = 4096, .cancel = env.cancel}));
  return out.substr(0, out.find('\n'));
}

}  // namespace

Result<Toolchain> find_toolchain(Rust rust, const BuildEnv& env) {
  std::vector<std::string> missing;
  for (const char* program : kNeeded) {
    if (find_program(program).empty()) missing.emplace_back(program);
  }
  TRY(missing_error(missing));
  Toolchain toolchain;
  Sha256 hash;
  for (const char* program : kInIdentity) {
    std::string version = TRY(first_line_of_version(program, env));
    hash.field(program).field(version);
    toolchain.versions.emplace(program, std::move(version));
  }
  const auto add_if_there = [&](std::span<const char* const> programs) -> Status {
    for (const char* program : programs) {
      if (find_program(program).empty()) continue;
      std::string version = TRY(first_line_of_version(program, env));
      hash.field(program).field(version);
      toolchain.versions.emplace(program, std::move(version));
    }
    return {};
  };
  TRY(add_if_there(kInIdentityIfThere));
  if (rust == Rust::installed) TRY(add_if_there(kOfRust));
  toolchain.rust = rust;
  toolchain.hash = hash.hex();
  toolchain.ccache = env.ccache && !find_program("ccache").empty();
  return toolchain;
}

Status check_programs_for(const ConfigValues& config) {
  static constexpr std::pair<const char*, const char*> kPrograms[] = {
      {"KERNEL_LZ4", "lz4"},     {"KERNEL_XZ", "xz"},          {"KERNEL_ZSTD", "zstd"}, {"KERNEL_GZIP", "gzip"},
      {"KERNEL_BZIP2", "bzip2"}, {"DEBUG_INFO_BTF", "pahole"}, {"MODULES", "depmod"}};
  std::vector<std::string> missing;
  for (const auto& [option, program] : kPrograms) {
    if (config_value(config, option) == "y" && find_program(program).empty()) missing.emplace_back(program);
  }
  return missing_error(missing);
}

std::map<std::string, std::string> make_environment(const BuildEnv& env) {
  return {{"LC_ALL", "C"},
          {"TZ", "UTC"},
          {"KBUILD_BUILD_USER", "aios-bench"},
          {"KBUILD_BUILD_HOST", "aios-bench"},
          {"KBUILD_BUILD_VERSION", "1"},
          {"KBUILD_BUILD_TIMESTAMP", "Wed Jan  1 00:00:00 UTC 2020"},
          {"SOURCE_DATE_EPOCH", "1577836800"},
          // A user's own settings for other builds must not leak into this one.
          {"MAKEFLAGS", ""},
          {"MAKELEVEL", "0"},
          {"ARCH", "x86_64"},
          {"CROSS_COMPILE", ""},
          {"KCFLAGS", ""},
          {"KCONFIG_CONFIG", ".config"},
          {"LOCALVERSION", ""},
          // Paths below the cache count as relative: another cache folder finds the same objects.
          {"CCACHE_BASEDIR", fs::absolute(env.cache).lexically_normal().string()},
          {"CCACHE_NOHASHDIR", "1"},
          // No separate run of the preprocessor: a first build is a seventh faster.
          {"CCACHE_DEPEND", "1"},
          {"CCACHE_SLOPPINESS", "time_macros"}};
}

std::vector<std::string> compiler_words(const Toolchain& toolchain) {
  std::vector<std::string> words = toolchain.ccache ? std::vector<std::string>{"CC=ccache gcc", "HOSTCC=ccache gcc"}
                                                    : std::vector<std::string>{"CC=gcc", "HOSTCC=gcc"};
  if (toolchain.rust == Rust::none) words.emplace_back("RUSTC=no-rustc-for-this-kernel");
  return words;
}

int job_count(const BuildEnv& env) {
  if (env.jobs > 0) return env.jobs;
  const unsigned processors = std::thread::hardware_concurrency();
  return processors == 0 ? 1 : static_cast<int>(processors);
}

}  // namespace aios
