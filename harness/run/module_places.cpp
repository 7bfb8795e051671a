// SPDX-License-Identifier: Apache-2.0
#include "harness/run/module_places.h"

#include <algorithm>
#include <map>

namespace aios {
namespace {

constexpr std::size_t kTelling = 8;  // bytes that must agree for a block to say anything

bool agrees(const ElfSection& section, std::size_t at, const std::string& code) {
  std::size_t telling = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (at + i < section.rewritten.size() && section.rewritten[at + i]) continue;
    if (section.bytes[at + i] != code[i]) return false;
    ++telling;
  }
  return telling >= kTelling;
}

struct Vote {
  std::uint64_t address = 0;
  std::size_t blocks = 0;
};

// The address of the section for which the most blocks agree.
Vote place(const ElfSection& section, const std::vector<const RawBlock*>& blocks) {
  std::map<std::uint64_t, std::size_t> votes;
  for (const RawBlock* block : blocks) {
    if (block->code.size() < kTelling || block->code.size() > section.bytes.size()) continue;
    for (std::size_t at = 0; at + block->code.size() <= section.bytes.size(); ++at) {
      // Sections are aligned to 16 at least.
      if ((block->address - at) % 16 == 0 && agrees(section, at, block->code)) ++votes[block->address - at];
    }
  }
  Vote best;
  bool tied = false;
  for (const auto& [address, count] : votes) {
    if (count >= best.blocks) tied = count == best.blocks;
    if (count > best.blocks) best = {address, count};
  }
  return tied ? Vote{} : best;
}

}  // namespace

std::vector<PlacedSection> place_modules(const std::vector<ModuleFile>& modules,
                                         const std::vector<const RawBlock*>& blocks) {
  std::vector<PlacedSection> out;
  for (const ModuleFile& module : modules) {
    const auto elf = read_elf_code(module.content, module.name);
    if (!elf.ok() || !elf->relocatable) continue;
    for (const ElfSection& section : elf->sections) {
      const Vote vote = place(section, blocks);
      if (vote.blocks == 0) continue;
      PlacedSection placed{module.name, vote.address, section.bytes.size(), {}};
      std::vector<CodeSymbol> symbols;
      for (const auto& [index, symbol] : elf->symbols) {
        if (index != section.index) continue;
        symbols.push_back(symbol);
        symbols.back().address += vote.address;
      }
      placed.symbols = SymbolTable(std::move(symbols));
      out.push_back(std::move(placed));
    }
  }
  return out;
}

}  // namespace aios
