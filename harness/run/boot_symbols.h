// SPDX-License-Identifier: Apache-2.0
// Which addresses tell the story of a Linux boot: the phases and every initcall's function, read from System.map's
// text. A pure function; a kernel without a System.map gets what its ELF header tells.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

struct BootSymbol {
  std::string name;  // "kernel_entry", "start_kernel", an initcall's function; "@interrupt" or "@exception"
  std::string kind;  // "phase", "initcall", or "handler": where the kernel takes an interrupt, for the plugin to count
  std::uint64_t address = 0;
};

// Early code runs at its physical address: such symbols come twice, under the same name.
std::vector<BootSymbol> boot_symbols(std::string_view system_map);
// From the first bytes of a vmlinux: its entry. Empty for what is no 64-bit ELF.
std::vector<BootSymbol> boot_symbols_of_elf(std::string_view head);
// Where a bzImage begins in 32-bit mode: the decompressor.
BootSymbol bzimage_entry();

// Phases and handlers: all that a boot needs whose initcalls nobody looks at.
std::vector<BootSymbol> phases_only(const std::vector<BootSymbol>& symbols);
// For the plugin: a line "HEXADDRESS NAME" each.
std::string watch_list(const std::vector<BootSymbol>& symbols);

// "rtc_init" from "__initcall__kmod_rtc__312_478_rtc_init4s"; empty for what is no initcall.
std::string_view initcall_function(std::string_view symbol);

}  // namespace aios
