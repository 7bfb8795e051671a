// SPDX-License-Identifier: Apache-2.0
#include "harness/run/symbol_table.h"

#include <gtest/gtest.h>

#include "harness/run/elf_code.h"

namespace aios {
namespace {

constexpr const char* kMap =
    "0000000000000000 D percpu_thing\n"
    "ffffffff81000000 T _stext\n"
    "ffffffff81000000 T startup_64\n"
    "ffffffff81000100 t __pfx_helper\n"
    "ffffffff81000110 t helper.isra.0\n"
    "ffffffff81000150 T __ia32_sys_getppid\n"
    "ffffffff81000150 T __x64_sys_getppid\n"
    "ffffffff81000150 t __do_sys_getppid\n"
    "ffffffff81000190 D not_code\n"
    "ffffffff81000200 W weak_one\n"
    "not a line\n"
    "ffffffffc0000000 t in_a_module\t[hello]\n";

TEST(SymbolTableTest, AnAddressIsInTheFunctionBeforeIt) {
  const SymbolTable table(system_map_symbols(kMap));
  ASSERT_NE(table.find(0xffffffff81000111), nullptr);
  EXPECT_EQ(table.find(0xffffffff81000111)->name, "helper.isra.0");
  EXPECT_EQ(table.find(0xffffffff81000111)->size, 0x40U);
  EXPECT_EQ(table.find(0xffffffff8100010f)->name, "startup_64") << "padding belongs to the function before it";
  EXPECT_EQ(table.find(0xffffffff81000195), nullptr) << "data";
  EXPECT_EQ(table.find(0xffffffff80ffffff), nullptr);
  EXPECT_EQ(table.find(0xffffffffc0000004), nullptr) << "a module's are not the kernel's";
}

TEST(SymbolTableTest, OfSeveralNamesTheSameIsChosenInEveryKernel) {
  const SymbolTable table(system_map_symbols(kMap));
  EXPECT_EQ(table.find(0xffffffff81000150)->name, "__x64_sys_getppid");
  EXPECT_EQ(table.find(0xffffffff81000000)->name, "startup_64");
}

TEST(SymbolTableTest, TheNextFunctionIsABoundary) {
  const SymbolTable table(system_map_symbols(kMap));
  EXPECT_EQ(table.next(0xffffffff81000110, 0xffffffff81000160)->address, 0xffffffff81000150);
  EXPECT_EQ(table.next(0xffffffff81000110, 0xffffffff81000150), nullptr);
}

TEST(PlainName, IsAPersonsNameWithoutArguments) {
  EXPECT_EQ(plain_name("do_syscall_64"), "do_syscall_64");
  EXPECT_EQ(plain_name("_ZN4aios3run4takeESt8functionIFviEE"), "aios::run::take");
  EXPECT_EQ(plain_name("_ZN4aios12_GLOBAL__N_19null_onceERNS_7ContextE"), "aios::(anonymous namespace)::null_once");
  EXPECT_EQ(plain_name("_Znope"), "_Znope");
}

TEST(ElfCodeTest, DamagedFilesAreRefusedOrEmptyAndNeverReadPastTheirEnd) {
  EXPECT_FALSE(read_elf_code("", "f").ok());
  EXPECT_FALSE(read_elf_code("\x7f"
                             "ELF",
                             "f")
                   .ok());
  std::string head(64, '\0');
  head.replace(0, 5,
               "\x7f"
               "ELF\x02");
  head[18] = 62;
  for (std::size_t at = 16; at < 64; ++at) {
    std::string changed = head;
    changed[at] = '\xff';
    (void)read_elf_code(changed, "f");
  }
}

}  // namespace
}  // namespace aios
