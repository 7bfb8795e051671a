// SPDX-License-Identifier: Apache-2.0
// Passing devices through without having any: level 1 is a Linux in QEMU with an emulated IOMMU, in which the real
// aios-bench lends devices to guests of its own. It needs the kernel `debian` in the store that AIOS_BENCH_HOME names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/passthrough/testing/level_one.h"

namespace aios {
namespace {

constexpr const char* kMachines = R"([machine.with-edu]
like = "qemu-tcg"
memory_mb = 32
pass_through = ["@EDU@"]
[machine.with-card]
like = "qemu-tcg"
memory_mb = 32
pass_through = ["@CARD@"]
[machine.with-screen]
like = "qemu-tcg"
memory_mb = 32
pass_through = ["@SCREEN@"]
)";

TEST(Nested, DevicesAreLentAndComeBack) {
  const Json built = bench_json({"build", "debian", "--json"});
  const fs::path kernel = fs::path(built.value("image", "")).parent_path();
  ASSERT_TRUE(fs::exists(kernel / "vmlinux")) << built.dump();
  const auto scratch = ScratchFolder::create("aios-nested").value();
  const auto image =
      level_one_image({bench_program(), AIOS_BINARY_DIR "/harness/passthrough/passed.elf",
                       AIOS_SOURCE_DIR "/harness/passthrough/testing/level_one_init", kernel / "modules", kMachines},
                      scratch.path());
  ASSERT_TRUE(image.ok()) << image.error().describe();
  CaptureOptions options;
  options.timeout = std::chrono::minutes(8);
  const auto said = run_command({.argv = level_one_command(kernel / "vmlinux", image->path)}, options);
  ASSERT_TRUE(said.ok()) << said.error().describe();
  int checks = 0;
  for (const auto& line : split(said->out, '\n')) {
    if (line.starts_with("TIME ")) std::cout << trim(line) << "\n";
    if (!line.starts_with("CHECK ")) continue;
    ++checks;
    EXPECT_THAT(std::string(trim(line)), ::testing::EndsWith(" ok"));
  }
  EXPECT_THAT(said->out, ::testing::HasSubstr("CHECK all ok")) << "level 1 did not get to its end";
  EXPECT_GE(checks, 25);
  if (HasFailure()) std::cout << printable(said->out.substr(0, 60000)) << said->err << "\n";
}

}  // namespace
}  // namespace aios
