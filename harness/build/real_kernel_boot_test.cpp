// SPDX-License-Identifier: Apache-2.0
// Builds the project's own kernels, from $AIOS_BENCH_HOME's cache if they are there: ten minutes of two cores where
// they are not. What it leaves is what the tests that boot use.
#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <set>

#include "harness/build/kernel_build.h"
#include "harness/build/linux_build.h"
#include "harness/build/vmlinux_extract.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/support/hash.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr const char* kDocument = "aiOS kernel architecture";

class RealKernel : public ::testing::Test {
 protected:
  static fs::path kernels() { return fs::path(AIOS_SOURCE_DIR) / "kernels"; }
  BuildEnv env() {
    const char* home = std::getenv("AIOS_BENCH_HOME");
    return {.cache = fs::path(home != nullptr ? home : AIOS_BINARY_DIR "/test-store") / "cache", .progress = &quiet};
  }
  Result<BuiltKernel> build(const std::string& name) {
    return build_kernel(TRY(find_kernel(kernels(), name)), Subject{.kernel = name}, env());
  }
  Result<ConfigAudit> audit(const std::string& variant) {
    return audit_kernel(TRY(find_kernel(kernels(), "aios")), Subject{.kernel = "aios", .variant = variant}, env());
  }
  NoProgress quiet;
};

TEST_F(RealKernel, AiosIsBuiltSmallAndFoundAgainAtOnce) {
  const auto built = build("aios");
  ASSERT_TRUE(built.ok()) << built.error().describe();
  EXPECT_LT(fs::file_size(built->image), 10'000'000U);  // claim A3
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(build("aios").value().from_cache);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(300));
}

TEST_F(RealKernel, TheImageDoesNotTellWhereItWasBuilt) {
  const std::string vmlinux = read_file(build("aios").value().vmlinux).value();
  EXPECT_EQ(vmlinux.find(env().cache.string()), std::string::npos);
  EXPECT_EQ(vmlinux.find("sources/tar-"), std::string::npos);
  EXPECT_NE(vmlinux.find("aios-bench@aios-bench"), std::string::npos);  // and not who built it
}

TEST_F(RealKernel, TheImageInsideTheImageIsTheVmlinuxWithoutItsSymbols) {
  const auto built = build("aios").value();
  const auto inner = extract_vmlinux(read_file(built.image).value());
  ASSERT_TRUE(inner.ok()) << inner.error().describe();
  EXPECT_EQ(inner->substr(0, 4),
            "\x7f"
            "ELF");
  EXPECT_LT(inner->size(), fs::file_size(built.vmlinux));
}

TEST_F(RealKernel, TheDocumentAloneLeavesTwentyNineOptionsOut) {
  const auto result = audit("");
  ASSERT_TRUE(result.ok()) << result.error().describe();
  const AuditTotals totals = result->totals(kDocument);
  EXPECT_EQ(totals.asked, 67);
  EXPECT_EQ(totals.alone_not_in_effect, 29);
  EXPECT_EQ(totals.not_in_effect, 0);
  EXPECT_EQ(totals.overridden, 3);  // the DRM modules, which this variant leaves out
  EXPECT_EQ(totals.contradicted, 2);
  for (const auto& row : result->rows) {
    EXPECT_TRUE(row.verdict == AuditVerdict::in_effect || row.verdict == AuditVerdict::overridden)
        << row.option << ": " << row.why;
    if (row.option == "EXT4_FS") {
      EXPECT_EQ(row.why_alone, "needs BLOCK");
    }
    if (row.option == "USER_NS") {
      EXPECT_EQ(row.why_alone, "needs NAMESPACES, which in the end needs MULTIUSER");
    }
  }
}

TEST_F(RealKernel, TheGpuVariantIsTheWholeDocument) {
  const auto result = audit("gpu");
  ASSERT_TRUE(result.ok()) << result.error().describe();
  EXPECT_EQ(result->totals(kDocument).in_effect, 67);
}

TEST_F(RealKernel, TheTraceVariantGivesUpOneLineOfTheDocumentMore) {
  const auto result = audit("trace");
  ASSERT_TRUE(result.ok()) << result.error().describe();
  EXPECT_EQ(result->totals().not_in_effect, 0);
  EXPECT_EQ(result->totals(kDocument).in_effect, 63);
  std::set<std::string> overridden;
  for (const auto& row : result->rows) {
    if (row.verdict == AuditVerdict::overridden) overridden.insert(row.option);
  }
  EXPECT_EQ(overridden, (std::set<std::string>{"DEBUG_INFO", "DRM", "DRM_AMDGPU", "DRM_NOUVEAU"}));
}

TEST_F(RealKernel, AModuleIsBuiltAgainstItOutOfTree) {
  const ScratchFolder scratch = ScratchFolder::create("aios-module-test").value();
  Kernel kernel = find_kernel(kernels(), "aios").value();
  kernel.folder = scratch.path();  // modules are looked for beside kernel.toml
  const fs::path folder = scratch.path() / "modules/hello";
  ASSERT_TRUE(make_folders(folder).ok());
  ASSERT_TRUE(write_file_atomic(folder / "Makefile", "obj-m := hello.o\n").ok());
  ASSERT_TRUE(write_file_atomic(folder / "hello.c",
                                "// SPDX-License-Identifier: GPL-2.0\n#include <linux/module.h>\n"
                                "static int __init hello_init(void) { return 0; }\nmodule_init(hello_init);\n"
                                "MODULE_LICENSE(\"GPL\");\nMODULE_DESCRIPTION(\"hello\");\n")
                  .ok());
  const Subject subject{.kernel = "aios", .with_modules = {"hello"}};
  const auto built = build_kernel(kernel, subject, env());
  ASSERT_TRUE(built.ok()) << built.error().describe();
  ASSERT_EQ(built->module_files.size(), 1U);
  const std::string bytes = read_file(built->module_files[0]).value();
  EXPECT_THAT(bytes, ::testing::HasSubstr("vermagic=" + built->version + " SMP"));
  ASSERT_TRUE(write_file_atomic(folder / "hello.c", "int broken(void) { return nothing; }\n").ok());
  const auto broken = build_kernel(kernel, subject, env());
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().kind, ErrorKind::kernel_fault);
  EXPECT_THAT(broken.error().where, ::testing::HasSubstr("hello.c:1"));
}

TEST_F(RealKernel, TheDistributionsKernelIsUnpackedNotInstalled) {
  const auto built = build("debian");
  ASSERT_TRUE(built.ok()) << built.error().describe();
  EXPECT_TRUE(is_bzimage(read_file(built->image).value()));
  EXPECT_EQ(read_file(built->vmlinux).value().substr(0, 4),
            "\x7f"
            "ELF");
  EXPECT_TRUE(fs::is_directory(built->modules / "lib/modules" / built->version));
}

}  // namespace
}  // namespace aios
