// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/kernel_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class KernelManifest : public ::testing::Test {
 protected:
  fs::path folder() const { return scratch_.path() / "mine"; }
  Result<Kernel> read(const std::string& text) {
    EXPECT_TRUE(make_folders(folder()).ok());
    for (const char* name : {"a.config", "b.config", "one.patch"})
      EXPECT_TRUE(write_file_atomic(folder() / name, "").ok());
    EXPECT_TRUE(write_file_atomic(folder() / "kernel.toml", text).ok());
    return read_kernel_manifest(folder() / "kernel.toml");
  }
  const fs::path& kernels() const { return scratch_.path(); }

 private:
  ScratchFolder scratch_ = ScratchFolder::create("aios-manifest-test").value();
};

constexpr const char* kSource = "name = 'mine'\n[source]\nkind = 'directory'\nlocation = '../linux'\n";

TEST_F(KernelManifest, ReadsEverything) {
  const auto kernel = read(std::string("default_variant = 'gpu'\n") + kSource + R"(
[config]
base = "tinyconfig"
fragments = ["a.config"]
patches = ["one.patch"]
[[config.documents]]
fragment = "a.config"
name = "the design"
[boot]
command_line = ["quiet"]
[[variants]]
name = "plain"
[[variants]]
name = "gpu"
alias = "mine-gpu"
fragments = ["b.config"]
[[notes]]
document = "the design"
options = ["SWAP"]
text = "no"
contradiction = true
)");
  ASSERT_TRUE(kernel.ok()) << kernel.error().describe();
  EXPECT_EQ(kernel->source.location, (kernels() / "linux").string());
  EXPECT_EQ(kernel->fragments.at(0).document, "the design");
  EXPECT_EQ(kernel->default_variant, "gpu");
  EXPECT_EQ(kernel->variants.at(1).fragments.at(0).path, folder() / "b.config");
  EXPECT_TRUE(kernel->notes.at(0).contradiction);
  EXPECT_THAT(list_kernels(kernels()), ::testing::ElementsAre("mine", "mine-gpu"));
  EXPECT_EQ(find_kernel(kernels(), "mine-gpu").value().default_variant, "gpu");
  EXPECT_EQ(find_variant(*kernel, "plain").value()->name, "plain");
  EXPECT_THAT(find_variant(*kernel, "gpo").error().what, HasSubstr("did you mean 'gpu'"));
  EXPECT_THAT(find_kernel(kernels(), "mime").error().what, HasSubstr("did you mean 'mine'"));
}

TEST_F(KernelManifest, UnknownKeysAndKindsAreErrorsWithALine) {
  EXPECT_EQ(read(std::string(kSource) + "[config]\nfragmets = []\n").error().where,
            (folder() / "kernel.toml").string() + ":6");
  EXPECT_THAT(read("name = 'mine'\n[source]\nkind = 'tarbal'\nlocation = 'x'\n").error().what, HasSubstr("tarball"));
}

TEST_F(KernelManifest, WhatCannotBeIsRefused) {
  const std::string source = kSource;
  EXPECT_THAT(read("name = 'other'\n[source]\nkind = 'git'\nlocation = 'x'\n").error().what,
              HasSubstr("folder is called 'mine'"));
  EXPECT_THAT(read(source + "ref = 'v1'\n").error().what, HasSubstr("git"));
  EXPECT_THAT(read(source + "[config]\nfragments = ['nowhere.config']\n").error().what, HasSubstr("nowhere.config"));
  EXPECT_THAT(read(source + "[config]\nbase = 'nothing'\n").error().what, HasSubstr("config.base"));
  EXPECT_THAT(read("default_variant = 'x'\n" + source).error().what, HasSubstr("no variant 'x'"));
  EXPECT_THAT(read("name = 'mine'\n[source]\nkind = 'debian-image'\nlocation = '-o Evil'\n").error().what,
              HasSubstr("package"));
  EXPECT_THAT(read("name = 'mine'\n[source]\nkind = 'debian-image'\nlocation = 'p'\n[config]\n").error().what,
              HasSubstr("already built"));
}

TEST_F(KernelManifest, TheKernelThatRunsLiesNowhere) {
  const auto kernel = read("name = 'mine'\n[source]\nkind = 'running'\n");
  ASSERT_TRUE(kernel.ok()) << kernel.error().describe();
  EXPECT_EQ(kernel->source.kind, SourceKind::running);
  EXPECT_FALSE(read("name = 'mine'\n[source]\nkind = 'running'\nlocation = '/boot'\n").ok());
  EXPECT_FALSE(read("name = 'mine'\n[source]\nkind = 'running'\n[config]\nbase = 'defconfig'\n").ok());
}

TEST_F(KernelManifest, AKernelThatAPlainMakefileBuilds) {
  const std::string boot = "[boot]\nlinux = false\nframes = true\n";
  const auto kernel =
      read(std::string(kSource) + "[build]\nbuilder = 'make'\nimage = 'out/kernel.elf'\nwords = ['all']\n" + boot);
  ASSERT_TRUE(kernel.ok()) << kernel.error().describe();
  EXPECT_EQ(kernel->make->image, "out/kernel.elf");
  EXPECT_EQ(kernel->make->words, std::vector<std::string>{"all"});
  EXPECT_TRUE(kernel->frames);
  const auto refused = [&](const std::string& text, const char* why) {
    const auto wrong = read(std::string(kSource) + text);
    ASSERT_FALSE(wrong.ok()) << text;
    EXPECT_THAT(wrong.error().what, HasSubstr(why));
  };
  refused("[build]\nbuilder = 'make'\n", "'build.image' is missing");
  refused("[build]\nbuilder = 'make'\nimage = '../elsewhere'\n", "must lie below");
  refused("[build]\nbuilder = 'make'\nimage = 'k'\nwords = ['-f', 'x']\n", "no options");
  refused("[build]\nimage = 'k'\n", "builder = \"make\" only");
  refused("[build]\nbuilder = 'make'\nimage = 'k'\n[config]\nbase = 'tinyconfig'\n", "only Linux");
  refused("[boot]\nframes = true\n", "set linux = false");
}

TEST_F(KernelManifest, TheProjectsOwnManifestsAreGood) {
  const fs::path own = fs::path(AIOS_SOURCE_DIR) / "kernels";
  const auto aios = find_kernel(own, "aios");
  ASSERT_TRUE(aios.ok()) << aios.error().describe();
  EXPECT_EQ(aios->default_variant, "plain");
  EXPECT_EQ(find_kernel(own, "aios-gpu").value().default_variant, "gpu");
  EXPECT_TRUE(find_kernel(own, "debian").ok());
  EXPECT_THAT(list_kernels(own), Contains("aios-trace"));
}

}  // namespace
}  // namespace aios
