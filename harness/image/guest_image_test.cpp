// SPDX-License-Identifier: Apache-2.0
#include "harness/image/guest_image.h"

#include <elf.h>
#include <gmock/gmock.h>

#include <cstring>

#include "harness/image/modules.h"
#include "harness/image/static_program.h"
#include "harness/support/process.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The least that is an ELF module: a header, and the sections .shstrtab and .modinfo.
std::string module_file(const std::string& info) {
  const std::string names("\0.shstrtab\0.modinfo\0", 20);
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_shnum = 2;
  header.e_shoff = sizeof header;
  Elf64_Shdr sections[2]{};
  sections[0].sh_type = SHT_STRTAB;
  sections[0].sh_offset = sizeof header + sizeof sections;
  sections[1].sh_name = 11;
  sections[1].sh_type = SHT_PROGBITS;
  sections[1].sh_offset = sections[0].sh_offset + names.size();
  sections[1].sh_size = info.size();
  std::string file(reinterpret_cast<const char*>(&header), sizeof header);
  file.append(reinterpret_cast<const char*>(sections), sizeof sections);
  return file + names + info;
}

struct Tree {
  Tree() : scratch(*ScratchFolder::create()) {
    const fs::path kernel = scratch.path() / "lib/modules/6.1.0/kernel";
    EXPECT_TRUE(make_folders(kernel / "net").ok());
    EXPECT_TRUE(
        write_file_atomic(kernel / "top.ko", module_file(std::string("name=top\0depends=mid-dle,built-in\0", 34)))
            .ok());
    EXPECT_TRUE(write_file_atomic(kernel / "net/mid-dle.ko", module_file(std::string("depends=base\0", 13))).ok());
    EXPECT_TRUE(write_file_atomic(kernel / "base.ko", module_file(std::string("depends=\0", 9))).ok());
    EXPECT_TRUE(write_file_atomic(kernel / "broken.ko", "not an ELF file").ok());
    EXPECT_TRUE(write_file_atomic(kernel / "lost.ko", module_file(std::string("depends=gone\0", 13))).ok());
    EXPECT_TRUE(write_file_atomic(kernel.parent_path() / "modules.builtin", "kernel/fs/built-in.ko\n").ok());
  }
  ScratchFolder scratch;
};

std::vector<std::string> names(const Result<std::vector<GuestModule>>& modules) {
  std::vector<std::string> names;
  if (!modules.ok()) return {modules.error().describe()};
  for (const auto& module : *modules) names.push_back(module.name);
  return names;
}

TEST(Modules, ComeBehindWhatTheyDependOn) {
  const Tree tree;
  const auto modules = collect_modules(tree.scratch.path(), {"top", "base", "built_in"});
  EXPECT_THAT(names(modules), ElementsAre("base", "mid_dle", "top"));
  EXPECT_EQ((*modules)[1].guest_path, "/lib/modules/6.1.0/kernel/net/mid-dle.ko");
}

TEST(Modules, CompressedOnesAreUnpacked) {
  const Tree tree;
  const fs::path kernel = tree.scratch.path() / "lib/modules/6.1.0/kernel";
  ASSERT_TRUE(run_checked({.argv = {"gzip", (kernel / "base.ko").string()}}).ok());
  const auto modules = collect_modules(tree.scratch.path(), {"base"});
  ASSERT_TRUE(modules.ok()) << modules.error().describe();
  EXPECT_EQ((*modules)[0].guest_path, "/lib/modules/6.1.0/kernel/base.ko");
  EXPECT_EQ((*modules)[0].content, module_file(std::string("depends=\0", 9)));
}

TEST(Modules, ErrorsSayWhichAndWhy) {
  const Tree tree;
  const auto& root = tree.scratch.path();
  EXPECT_THAT(names(collect_modules(root, {"topp"}))[0], HasSubstr("did you mean 'top'"));
  EXPECT_THAT(names(collect_modules(root, {"lost"}))[0], HasSubstr("no module 'gone', which lost needs"));
  EXPECT_THAT(names(collect_modules(root, {"broken"}))[0], HasSubstr("not a 64-bit ELF"));
  EXPECT_THAT(names(collect_modules(root / "lib", {"top"}))[0], HasSubstr("lib/modules/VERSION"));
  EXPECT_TRUE(collect_modules("/does/not/exist", {}).ok());
}

TEST(Modules, TruncatedFilesAreErrors) {
  const std::string whole = module_file(std::string("depends=a\0", 10));
  EXPECT_THAT(*module_info(whole, "depends"), ElementsAre("a"));
  for (std::size_t size = 0; size < whole.size() - 10; ++size) {
    EXPECT_FALSE(module_info(std::string_view(whole).substr(0, size), "depends").ok()) << size;
  }
}

TEST(StaticProgram, RefusesWhatAGuestCannotRun) {
  EXPECT_TRUE(require_static_program(AIOS_BINARY_DIR "/guest/init").ok());
  EXPECT_THAT(require_static_program("/proc/self/exe").error().what, HasSubstr("linked dynamically"));
  EXPECT_THAT(require_static_program(AIOS_SOURCE_DIR "/README.md").error().kind, ErrorKind::config);
  EXPECT_THAT(require_static_program("/does/not/exist").error().what, HasSubstr("cannot be opened"));
}

TEST(GuestImage, OnlyTheOrdersDiffer) {
  const Tree tree;
  const auto scratch = ScratchFolder::create();
  const auto base =
      make_guest_base({.init = AIOS_BINARY_DIR "/guest/init", .modules_root = tree.scratch.path(), .modules = {"top"}});
  ASSERT_TRUE(base.ok()) << base.error().describe();
  EXPECT_EQ(base->module_paths.size(), 3U);
  Orders orders{.modules = base->module_orders(), .runs = {{"syscall", "/aios/bin/operations", {}, 0}}};
  const auto one = write_guest_image(*base, orders, scratch->path() / "one");
  const auto two = write_guest_image(*base, orders, scratch->path() / "two");
  orders.end = EndOrder::reboot;
  const auto other = write_guest_image(*base, orders, scratch->path() / "other");
  ASSERT_TRUE(one.ok() && two.ok() && other.ok());
  EXPECT_EQ(one->sha256, two->sha256);
  EXPECT_NE(one->sha256, other->sha256);
  EXPECT_EQ(read_file(one->path)->substr(0, base->bytes.size()), base->bytes);
}

}  // namespace
}  // namespace aios
