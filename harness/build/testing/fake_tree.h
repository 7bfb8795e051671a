// SPDX-License-Identifier: Apache-2.0
// A source tree that behaves like a kernel's towards make, in milliseconds: the same targets, the same lines on the
// console, the same files left behind. Kconfig is the one thing it lacks, so it asks for no options.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "harness/build/kernel_build.h"
#include "harness/support/hash.h"

namespace aios {

inline constexpr const char* kFakeMakefile = R"MAKE(
# Like kbuild: everything happens in O=, and what is installed stands in .config.
RUSTC = rustc
MAKEFLAGS += --no-print-directory
src := $(CURDIR)
objects := $(sort $(patsubst $(src)/%.c,$(O)/%.o,$(wildcard $(src)/*.c)))

tinyconfig allnoconfig alldefconfig:
	@mkdir -p $(O)/include/config; echo 'CONFIG_FAKE=y' >$(O)/$(KCONFIG_CONFIG)
	@echo "CONFIG_RUSTC_VERSION_TEXT=\"$$($(RUSTC) --version 2>/dev/null)\"" >>$(O)/$(KCONFIG_CONFIG)
bzImage: $(objects)
	@echo '  LD      vmlinux'; cat $(objects) >$(O)/vmlinux
	@mkdir -p $(O)/arch/x86/boot; cp $(O)/vmlinux $(O)/arch/x86/boot/bzImage
	@echo '0 T _text' >$(O)/System.map; echo 6.0.0-fake >$(O)/include/config/kernel.release
	@echo built >>$(O)/builds
$(O)/%.o: $(src)/%.c
	@echo '  CC      $*.o'; if [ -e $(src)/slow ]; then sleep 60; fi; $(CC) -c -o $@ $<
.PHONY: tinyconfig allnoconfig alldefconfig bzImage
)MAKE";

inline void put(const fs::path& path, std::string_view text) {
  ASSERT_TRUE(make_folders(path.parent_path()).ok());
  ASSERT_TRUE(write_file_atomic(path, text).ok());
}

struct RecordingProgress final : Progress {
  std::vector<std::string> phases, notes;
  std::vector<std::string> steps;
  std::function<void()> on_step;
  void phase(std::string_view text) override { phases.emplace_back(text); }
  void step(const ProgressStep& step) override {
    steps.emplace_back(step.text);
    if (on_step) on_step();
  }
  void note(std::string_view text) override { notes.emplace_back(text); }
};

// A folder with a fake tree in `source`, a kernel whose manifest would name it, and a cache.
class FakeTree : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = ScratchFolder::create("aios-build-test");
    ASSERT_TRUE(made.ok());
    scratch.emplace(std::move(*made));
    put(source() / "Makefile", kFakeMakefile);
    put(source() / "good.c", "int good(void) { return 1; }\n");
    put(source() / "other.c", "int other(void) { return 2; }\n");
    kernel.name = "fake";
    kernel.folder = root() / "kernels/fake";
    kernel.base_config = "tinyconfig";
    kernel.source = {SourceKind::directory, source().string(), {}};
    subject.kernel = "fake";
    ASSERT_TRUE(make_folders(kernel.folder).ok());
  }
  fs::path root() const { return scratch->path(); }
  fs::path source() const { return root() / "source"; }
  BuildEnv env() {
    return {.cache = root() / "cache", .progress = &progress, .cancel = &cancel, .jobs = 2, .ccache = false};
  }
  Result<BuiltKernel> build() { return build_kernel(kernel, subject, env()); }

  std::optional<ScratchFolder> scratch;
  Kernel kernel;
  Subject subject;
  RecordingProgress progress;
  CancelToken cancel;
};

}  // namespace aios
