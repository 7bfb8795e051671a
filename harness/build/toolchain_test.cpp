// SPDX-License-Identifier: Apache-2.0
#include "harness/build/toolchain.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "harness/build/testing/fake_tree.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A program of that name, first on the PATH for as long as this lives.
class InstalledProgram {
 public:
  InstalledProgram(const fs::path& folder, const std::string& name, const std::string& version)
      : before_(std::getenv("PATH")) {
    put(folder / name, "#!/bin/sh\necho '" + version + "'\n");
    fs::permissions(folder / name, fs::perms::owner_all);
    setenv("PATH", (folder.string() + ":" + before_).c_str(), 1);
  }
  InstalledProgram(const InstalledProgram&) = delete;
  InstalledProgram& operator=(const InstalledProgram&) = delete;
  ~InstalledProgram() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

using Toolchains = FakeTree;

TEST_F(Toolchains, TheRustOfThisMachineIsNotSeenByAKernelWithoutRust) {
  const auto plain = build().value();
  const InstalledProgram rust(root() / "bin", "rustc", "rustc 9.9.9");
  BuildEnv elsewhere = env();
  elsewhere.cache = root() / "cache2";
  const auto with = build_kernel(kernel, subject, elsewhere).value();
  EXPECT_EQ(with.key, plain.key);
  EXPECT_EQ(read_file(with.config).value(), read_file(plain.config).value());
  EXPECT_THAT(read_file(with.config).value(), Not(HasSubstr("rustc")));
}

TEST_F(Toolchains, WhereRustIsWantedItIsPartOfTheIdentity) {
  const auto hash = [&](Rust rust) { return find_toolchain(rust, env()).value().hash; };
  const InstalledProgram one(root() / "one", "rustc", "rustc 1.0");
  const std::string with_one = hash(Rust::installed), without = hash(Rust::none);
  const InstalledProgram two(root() / "two", "rustc", "rustc 2.0");
  EXPECT_NE(hash(Rust::installed), with_one);
  EXPECT_EQ(hash(Rust::none), without);
}

TEST_F(Toolchains, WhatShapesAnImageIsPartOfTheIdentity) {
  const std::string before = find_toolchain(Rust::none, env()).value().hash;
  const InstalledProgram other(root() / "bin", "pahole", "v9.99");
  EXPECT_NE(find_toolchain(Rust::none, env()).value().hash, before);
}

}  // namespace
}  // namespace aios
