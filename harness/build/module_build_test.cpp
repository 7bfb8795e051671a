// SPDX-License-Identifier: Apache-2.0
#include "harness/build/module_build.h"

#include "harness/build/debian_headers.h"
#include "harness/build/testing/fake_tree.h"

namespace aios {
namespace {

using ModuleSource = FakeTree;

TEST_F(ModuleSource, IsTheKernelsOwnFolder) {
  EXPECT_FALSE(has_module_source(kernel, "own"));
  put(kernel.folder / "modules/own/Makefile", "obj-m := own.o\n");
  EXPECT_TRUE(has_module_source(kernel, "own"));
}

TEST_F(ModuleSource, OrAFolderBesideTheKernelsThatServesAll) {
  put(root() / "kernels/extensions/shared/shared.c", "");
  EXPECT_FALSE(has_module_source(kernel, "shared"));  // a folder without Kbuild is no module
  put(root() / "kernels/extensions/shared/Kbuild", "obj-m := shared.o\n");
  EXPECT_TRUE(has_module_source(kernel, "shared"));
  EXPECT_FALSE(has_module_source(kernel, "other"));
}

TEST_F(ModuleSource, OfSharedModulesLeavesAKernelWithoutThemAlone) {
  const auto before = build().value();
  put(root() / "kernels/extensions/shared/Kbuild", "obj-m := shared.o\n");
  EXPECT_EQ(build().value().key, before.key);
  EXPECT_TRUE(build().value().from_cache);
}

TEST(KernelHeadersMakefile, IncludesWhatWasUnpackedBesideIt) {
  EXPECT_EQ(makefile_below("include /usr/src/linux-headers-6.1.0-56-common/Makefile\n", "/cache/h"),
            "include /cache/h/usr/src/linux-headers-6.1.0-56-common/Makefile\n");
  EXPECT_EQ(makefile_below("obj-m := a.o\n", "/cache/h"), "obj-m := a.o\n");
}

}  // namespace
}  // namespace aios
