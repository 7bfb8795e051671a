// SPDX-License-Identifier: Apache-2.0
// From an address to the function that it lies in. Made from whatever table there is: System.map's text, an ELF file's
// symbols, the table that a kernel carries for itself (kallsyms).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

struct CodeSymbol {
  std::uint64_t address = 0;
  std::uint64_t size = 0;  // 0: up to the next symbol
  std::string name;        // empty: nothing that is executed begins here, and the function before it ends
  bool global = false;
};

class SymbolTable {
 public:
  SymbolTable() = default;
  // In any order. Of several names for one address one is chosen, the same in every kernel: a global one before a local
  // one, one without __ia32_ before one with it, then the one with the fewest underscores, then by the alphabet.
  explicit SymbolTable(std::vector<CodeSymbol> symbols);

  // The function around the address, its size filled in; null where there is none.
  const CodeSymbol* find(std::uint64_t address) const;
  // The first function that begins behind `address` and before `end`; null where there is none.
  const CodeSymbol* next(std::uint64_t address, std::uint64_t end) const;
  bool empty() const { return symbols_.empty(); }
  const std::vector<CodeSymbol>& symbols() const { return symbols_; }

 private:
  std::vector<CodeSymbol> symbols_;  // one an address, in order
};

// System.map's lines, or /proc/kallsyms' without the modules'. `data`: data have names, too.
std::vector<CodeSymbol> system_map_symbols(std::string_view text, bool data = false);
// What `nm` says of a symbol: is it code, a mere boundary, or to be left out altogether?
enum class SymbolUse { code, boundary, none };
SymbolUse use_of_symbol(char type, std::string_view name);

}  // namespace aios
