// SPDX-License-Identifier: Apache-2.0
// The code of an x86 ELF file and its symbols: programs, kernels, and modules (which have no addresses yet, and
// relocations where the loader will write).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run/symbol_table.h"
#include "harness/support/result.h"

namespace aios {

struct ElfSection {
  std::string name;
  std::size_t index = 0;
  std::uint64_t address = 0;
  std::string_view bytes;
  std::vector<bool> rewritten;  // by relocations; empty: none
};

struct ElfCode {
  std::vector<ElfSection> sections;  // executable ones that lie in the file
  // By section's index where the file has no addresses; else all under 0.
  std::vector<std::pair<std::size_t, CodeSymbol>> symbols;
  bool relocatable = false;

  // The bytes that would be at this address; fewer or none where the file has none.
  std::string_view at(std::uint64_t address, std::size_t length) const;
};

// The sections' bytes point into `file`.
Result<ElfCode> read_elf_code(std::string_view file, const std::string& where);

// A C++ name as a person writes it, without its arguments.
std::string plain_name(const std::string& symbol);

}  // namespace aios
