// SPDX-License-Identifier: Apache-2.0
#include "harness/run/elf_code.h"

#include <cxxabi.h>
#include <elf.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace aios {
namespace {

constexpr std::size_t kMaxSections = 65536;
constexpr std::size_t kMaxSymbols = 4U << 20;

template <typename T>
std::optional<T> read_at(std::string_view file, std::uint64_t at) {
  T out{};
  if (at > file.size() || file.size() - at < sizeof out) return std::nullopt;
  std::memcpy(&out, file.data() + at, sizeof out);
  return out;
}

std::string_view part_of(std::string_view file, std::uint64_t at, std::uint64_t size) {
  if (at > file.size() || file.size() - at < size) return {};
  return file.substr(at, size);
}

std::string_view text_at(std::string_view table, std::uint64_t at) {
  if (at >= table.size()) return {};
  return table.substr(at, table.substr(at).find('\0'));
}

void mark(std::vector<bool>& rewritten, std::string_view code, std::uint64_t at, std::uint64_t type) {
  const bool wide = type == R_X86_64_64 || type == R_X86_64_PC64;
  for (std::uint64_t i = at; i < at + (wide ? 8 : 4) && i < rewritten.size(); ++i) rewritten[i] = true;
  // The kernel may turn a call or jump into something else: profiling calls to nothing, thunks to returns.
  if (at == 0 || at > code.size()) return;
  const auto opcode = static_cast<unsigned char>(code[at - 1]);
  if (opcode == 0xe8 || opcode == 0xe9) rewritten[at - 1] = true;
}

struct Wide {
  using Head = Elf64_Ehdr;
  using Section = Elf64_Shdr;
  using Symbol = Elf64_Sym;
};
struct Narrow {
  using Head = Elf32_Ehdr;
  using Section = Elf32_Shdr;
  using Symbol = Elf32_Sym;
};

template <typename Kind>
class ElfReader {
 public:
  explicit ElfReader(std::string_view file) : file_(file) {}

  Result<ElfCode> run(const std::string& where) {
    const auto head = read_at<typename Kind::Head>(file_, 0);
    if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
        (head->e_machine != EM_X86_64 && head->e_machine != EM_386)) {
      return infra_fault("this is no ELF file for x86", where);
    }
    out_.relocatable = head->e_type == ET_REL;
    for (std::size_t i = 0; i < head->e_shnum && i < kMaxSections; ++i) {
      const auto section = read_at<Section>(file_, head->e_shoff + i * sizeof(Section));
      if (!section) return infra_fault("the ELF file's section table is cut short", where);
      sections_.push_back(*section);
    }
    const std::string_view names = contents(head->e_shstrndx);
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      const Section& section = sections_[i];
      if ((section.sh_flags & SHF_EXECINSTR) == 0 || section.sh_type != SHT_PROGBITS) continue;
      out_.sections.push_back({std::string(text_at(names, section.sh_name)), i, section.sh_addr, contents(i), {}});
    }
    // The last function of a section ends with it.
    for (const ElfSection& section : out_.sections) {
      const std::uint64_t end = section.bytes.size() + (out_.relocatable ? 0 : section.address);
      out_.symbols.emplace_back(out_.relocatable ? section.index : 0, CodeSymbol{end, 0, {}, false});
    }
    for (const Section& section : sections_) {
      if (section.sh_type == SHT_SYMTAB) symbols(section);
      if (section.sh_type == SHT_RELA && out_.relocatable) relocations(section);
    }
    return std::move(out_);
  }

 private:
  using Section = typename Kind::Section;
  using Symbol = typename Kind::Symbol;

  std::string_view contents(std::size_t i) const {
    const bool there = i < sections_.size() && sections_[i].sh_type != SHT_NOBITS;
    return there ? part_of(file_, sections_[i].sh_offset, sections_[i].sh_size) : std::string_view();
  }

  void symbols(const Section& section) {
    const std::string_view strings = contents(section.sh_link);
    const std::uint64_t count = std::min<std::uint64_t>(section.sh_size / sizeof(Symbol), kMaxSymbols);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto symbol = read_at<Symbol>(file_, section.sh_offset + i * sizeof(Symbol));
      if (!symbol || symbol->st_shndx == SHN_UNDEF || symbol->st_shndx >= sections_.size()) continue;
      if ((sections_[symbol->st_shndx].sh_flags & SHF_EXECINSTR) == 0) continue;
      const unsigned type = ELF64_ST_TYPE(symbol->st_info);
      if (type != STT_FUNC && type != STT_NOTYPE && type != STT_GNU_IFUNC) continue;
      const std::string_view name = text_at(strings, symbol->st_name);
      const bool global = ELF64_ST_BIND(symbol->st_info) != STB_LOCAL;
      if (name.empty() || use_of_symbol(global ? 'T' : 't', name) != SymbolUse::code) continue;
      const std::size_t under = out_.relocatable ? symbol->st_shndx : 0;
      out_.symbols.emplace_back(under, CodeSymbol{symbol->st_value, symbol->st_size, std::string(name), global});
    }
  }

  void relocations(const Section& section) {
    for (ElfSection& code : out_.sections) {
      if (code.index != section.sh_info) continue;
      code.rewritten.resize(code.bytes.size());
      for (std::uint64_t at = 0; at + sizeof(Elf64_Rela) <= section.sh_size; at += sizeof(Elf64_Rela)) {
        const auto entry = read_at<Elf64_Rela>(file_, section.sh_offset + at);
        if (!entry) break;
        mark(code.rewritten, code.bytes, entry->r_offset, ELF64_R_TYPE(entry->r_info));
      }
    }
  }

  std::string_view file_;
  std::vector<Section> sections_;
  ElfCode out_;
};

}  // namespace

std::string_view ElfCode::at(std::uint64_t address, std::size_t length) const {
  for (const ElfSection& section : sections) {
    if (address < section.address || address - section.address >= section.bytes.size()) continue;
    return section.bytes.substr(address - section.address, length);
  }
  return {};
}

Result<ElfCode> read_elf_code(std::string_view file, const std::string& where) {
  const bool narrow = file.size() > EI_CLASS && file[EI_CLASS] == ELFCLASS32;
  return narrow ? ElfReader<Narrow>(file).run(where) : ElfReader<Wide>(file).run(where);
}

std::string plain_name(const std::string& symbol) {
  if (!symbol.starts_with("_Z")) return symbol;
  int status = 0;
  char* const demangled = abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status);
  if (demangled == nullptr) return symbol;
  std::string name = demangled;
  std::free(demangled);
  // The arguments begin at the last parenthesis that is not inside another or in a template's brackets.
  int depth = 0;
  for (std::size_t i = name.size(); i > 0; --i) {
    const char c = name[i - 1];
    if (c == ')' || c == '>') ++depth;
    if (c == '(' || c == '<') --depth;
    if (c == '(' && depth == 0 && !name.substr(i - 1).starts_with("(anonymous")) return name.substr(0, i - 1);
  }
  return name;
}

}  // namespace aios
