// SPDX-License-Identifier: Apache-2.0
// The smallest program that Linux executes: an ELF header, one segment, and code that exits with 0. What executing it
// costs is the kernel's alone.
#pragma once

#include <linux/elf.h>

namespace aios::scenario::process {

struct ExitProgram {
  Elf64_Ehdr header;
  Elf64_Phdr segment;
  unsigned char code[9];
};

inline constexpr unsigned long kLoadedAt = 0x400000;

inline constexpr ExitProgram kExitProgram = {
    .header = {.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
               .e_type = ET_EXEC,
               .e_machine = EM_X86_64,
               .e_version = EV_CURRENT,
               .e_entry = kLoadedAt + sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
               .e_phoff = sizeof(Elf64_Ehdr),
               .e_shoff = 0,
               .e_flags = 0,
               .e_ehsize = sizeof(Elf64_Ehdr),
               .e_phentsize = sizeof(Elf64_Phdr),
               .e_phnum = 1,
               .e_shentsize = 0,
               .e_shnum = 0,
               .e_shstrndx = 0},
    .segment = {.p_type = PT_LOAD,
                .p_flags = PF_R | PF_X,
                .p_offset = 0,
                .p_vaddr = kLoadedAt,
                .p_paddr = kLoadedAt,
                .p_filesz = sizeof(ExitProgram),
                .p_memsz = sizeof(ExitProgram),
                .p_align = 0x1000},
    .code = {0x31, 0xff,                    // xor edi, edi
             0xb8, 0x3c, 0x00, 0x00, 0x00,  // mov eax, exit
             0x0f, 0x05},                   // syscall
};

}  // namespace aios::scenario::process
