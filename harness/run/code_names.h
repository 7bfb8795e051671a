// SPDX-License-Identifier: Apache-2.0
// Names for the code that a profile saw: the kernel's, its modules', the guest's programs'. A name is given only where
// it is sure: a program's code must have the bytes that its file has there, and so must code that ran before paging.
// Everything else stands under a name in parentheses that says what is known of it.
#pragma once

#include <string>
#include <vector>

#include "harness/machine/qemu/profile_counts.h"
#include "harness/model/profile.h"
#include "harness/run/elf_code.h"
#include "harness/run/module_places.h"

namespace aios {

// What there is to read names from; what is missing is empty.
struct CodeSources {
  std::string system_map;  // text
  std::string vmlinux;     // bytes
  std::vector<ModuleFile> modules;
  struct Program {
    std::string name;
    std::string file;     // as it runs in the guest, without symbols
    std::string symbols;  // the same program with them
  };
  std::vector<Program> programs;
};

class CodeNames {
 public:
  CodeNames(const CodeSources& sources, const RawProfile& profile);

  // The function that this address is in; `code`: the bytes that were executed there.
  ProfiledFunction at(std::uint64_t address, std::string_view code) const;
  // A function that begins inside (from, end), as an address; 0: none.
  std::uint64_t boundary(std::uint64_t from, std::uint64_t end) const;
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Program {
    std::string name;
    ElfCode code;
    SymbolTable symbols;
  };

  SymbolTable kernel_;
  ElfCode kernel_code_;
  std::vector<PlacedSection> modules_;
  std::vector<Program> programs_;
  std::vector<std::string> notes_;
};

}  // namespace aios
