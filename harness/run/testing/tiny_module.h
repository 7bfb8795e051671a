// SPDX-License-Identifier: Apache-2.0
// A relocatable ELF file with one section of code, one function and one relocation, as a kernel module's file is.
#pragma once

#include <elf.h>

#include <cstring>
#include <string>

namespace aios::testing {

// `function` is at offset 16 of .text; the loader will write the four bytes at `relocated`.
inline std::string tiny_module(const std::string& code, const std::string& function, std::uint64_t relocated) {
  const std::string strings = std::string(1, '\0') + function + '\0';
  std::string file(sizeof(Elf64_Ehdr), '\0');
  const auto put = [&](const void* bytes, std::size_t size) {
    file.resize((file.size() + 15) / 16 * 16);
    const std::size_t at = file.size();
    file.append(static_cast<const char*>(bytes), size);
    return at;
  };
  Elf64_Shdr sections[5]{};
  sections[1] = {.sh_name = 1, .sh_type = SHT_PROGBITS, .sh_flags = SHF_ALLOC | SHF_EXECINSTR};
  sections[1].sh_offset = put(code.data(), code.size());
  sections[1].sh_size = code.size();
  Elf64_Rela rela{.r_offset = relocated, .r_info = ELF64_R_INFO(1, R_X86_64_PLT32), .r_addend = -4};
  sections[2] = {.sh_name = 7, .sh_type = SHT_RELA, .sh_link = 3, .sh_info = 1};
  sections[2].sh_offset = put(&rela, sizeof rela);
  sections[2].sh_size = sizeof rela;
  Elf64_Sym symbols[2]{};
  symbols[1].st_name = 1;
  symbols[1].st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
  symbols[1].st_shndx = 1;
  symbols[1].st_value = 16;
  symbols[1].st_size = code.size() - 16;
  sections[3] = {.sh_name = 18, .sh_type = SHT_SYMTAB, .sh_link = 4};
  sections[3].sh_offset = put(symbols, sizeof symbols);
  sections[3].sh_size = sizeof symbols;
  sections[4] = {.sh_name = 26, .sh_type = SHT_STRTAB};
  sections[4].sh_offset = put(strings.data(), strings.size());
  sections[4].sh_size = strings.size();
  Elf64_Ehdr head{};
  std::memcpy(head.e_ident, ELFMAG, SELFMAG);
  head.e_ident[EI_CLASS] = ELFCLASS64;
  head.e_type = ET_REL;
  head.e_machine = EM_X86_64;
  head.e_shnum = 5;
  head.e_shoff = put(sections, sizeof sections);
  std::memcpy(file.data(), &head, sizeof head);
  return file;
}

}  // namespace aios::testing
