// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_symbols.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace aios {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kMap = R"(ffffffff81000000 T _text
ffffffff81000000 T startup_64
ffffffff81000123 T pvh_start_xen
ffffffff81a00000 t rtc_init
ffffffff81a00100 t init
ffffffff81a00200 t init
ffffffff81b00000 T start_kernel
ffffffff82000000 d __initcall__kmod_rtc_cmos__312_478_rtc_init4s
ffffffff82000004 d __initcall__kmod_a__b__9_10_init6
0000000000001000 t rtc_init
ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package
rubbish
)";

TEST(BootSymbols, PhasesAndEveryInitcall) {
  const auto symbols = boot_symbols(kMap);
  std::vector<std::string> seen;
  for (const auto& symbol : symbols) seen.push_back(symbol.kind + " " + symbol.name);
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre("phase kernel_entry", "phase kernel_entry", "phase image_entry",
                                                    "phase image_entry", "phase start_kernel", "initcall rtc_init",
                                                    "initcall init", "initcall init"));
  EXPECT_THAT(watch_list(symbols), HasSubstr("\n1000000 kernel_entry\n"));  // physical, before paging
  EXPECT_THAT(watch_list(symbols), HasSubstr("ffffffff81a00200 init\n"));
  EXPECT_EQ(phases_only(symbols).size(), 5U);
}

TEST(BootSymbols, HandlersAreForThePluginToCount) {
  const auto symbols = boot_symbols(
      "ffffffff81e00b10 T asm_exc_page_fault\nffffffff81e00c00 T asm_common_interrupt\n"
      "ffffffff81e00d00 T asm_sysvec_apic_timer_interrupt\nffffffff81e00e00 T asm_load_gs_index\n");
  EXPECT_EQ(watch_list(phases_only(symbols)),
            "ffffffff81e00b10 @exception\nffffffff81e00c00 @interrupt\nffffffff81e00d00 @interrupt\n");
}

TEST(BootSymbols, AMapThatSaysNothing) {
  EXPECT_TRUE(boot_symbols("").empty());
  EXPECT_TRUE(boot_symbols("ffffffffffffffff B The real System.map is elsewhere\n").empty());
}

TEST(BootSymbols, NamesOfInitcalls) {
  EXPECT_EQ(initcall_function("__initcall__kmod_tty_io__310_3549_tty_class_init2"), "tty_class_init");
  EXPECT_EQ(initcall_function("__initcall__kmod_x__1_2_do_initearly"), "do_init");
  EXPECT_EQ(initcall_function("__initcall__kmod_x__1_2_populate_rootfsrootfs"), "populate_rootfs");
  EXPECT_EQ(initcall_function("__initcall__kmod_a__b__9_10_init7s"), "init");
  for (const char* bad : {"", "__initcall__kmod_", "__initcall__kmod_x__1_2_", "__initcall__kmod_x__1_2_f", "init6"}) {
    EXPECT_EQ(initcall_function(bad), "") << bad;
  }
}

TEST(BootSymbols, TheEntryOfAnElf) {
  std::string head(64, '\0');
  std::memcpy(head.data(),
              "\x7f"
              "ELF\x02\x01",
              6);
  const std::uint64_t entry = 0x1000000;
  std::memcpy(head.data() + 24, &entry, sizeof entry);
  ASSERT_EQ(boot_symbols_of_elf(head).size(), 1U);
  EXPECT_EQ(boot_symbols_of_elf(head)[0].address, 0x1000000U);
  EXPECT_TRUE(boot_symbols_of_elf("MZ").empty());
}

}  // namespace
}  // namespace aios
