// SPDX-License-Identifier: Apache-2.0
#include "harness/run/symbol_table.h"

#include <algorithm>
#include <charconv>

namespace aios {
namespace {

std::size_t underscores(const std::string& name) { return std::min(name.find_first_not_of('_'), name.size()); }

bool better_name(const CodeSymbol& a, const CodeSymbol& b) {
  if (a.name.empty() != b.name.empty()) return b.name.empty();
  if (a.global != b.global) return a.global;
  const bool compatible = a.name.starts_with("__ia32_");  // one body for both ways in
  if (compatible != b.name.starts_with("__ia32_")) return !compatible;
  if (underscores(a.name) != underscores(b.name)) return underscores(a.name) < underscores(b.name);
  return a.name < b.name;
}

}  // namespace

SymbolTable::SymbolTable(std::vector<CodeSymbol> symbols) : symbols_(std::move(symbols)) {
  std::sort(symbols_.begin(), symbols_.end(), [](const CodeSymbol& a, const CodeSymbol& b) {
    return a.address != b.address ? a.address < b.address : better_name(a, b);
  });
  const auto same = [](const CodeSymbol& a, const CodeSymbol& b) { return a.address == b.address; };
  symbols_.erase(std::unique(symbols_.begin(), symbols_.end(), same), symbols_.end());
  for (std::size_t i = 0; i + 1 < symbols_.size(); ++i) {
    const std::uint64_t room = symbols_[i + 1].address - symbols_[i].address;
    // A size that reaches into the next function is an alias's or a lie.
    if (symbols_[i].size == 0 || symbols_[i].size > room) symbols_[i].size = room;
  }
}

const CodeSymbol* SymbolTable::find(std::uint64_t address) const {
  auto behind = std::upper_bound(symbols_.begin(), symbols_.end(), address,
                                 [](std::uint64_t at, const CodeSymbol& symbol) { return at < symbol.address; });
  if (behind == symbols_.begin()) return nullptr;
  const CodeSymbol& symbol = *--behind;
  if (symbol.name.empty() || address - symbol.address >= symbol.size) return nullptr;
  return &symbol;
}

const CodeSymbol* SymbolTable::next(std::uint64_t address, std::uint64_t end) const {
  auto at = std::upper_bound(symbols_.begin(), symbols_.end(), address,
                             [](std::uint64_t a, const CodeSymbol& symbol) { return a < symbol.address; });
  for (; at != symbols_.end() && at->address < end; ++at) {
    if (!at->name.empty()) return &*at;
  }
  return nullptr;
}

SymbolUse use_of_symbol(char type, std::string_view name) {
  if (type == 'A' || type == 'a' || type == 'U' || type == 'n' || type == '?') return SymbolUse::none;
  // Padding before functions, local labels, and the linker's own: they would cut functions in two.
  if (name.starts_with("__pfx_") || name.starts_with(".L") || name.starts_with("__cfi_")) return SymbolUse::none;
  if (type == 't' || type == 'T' || type == 'w' || type == 'W') return SymbolUse::code;
  return SymbolUse::boundary;
}

std::vector<CodeSymbol> system_map_symbols(std::string_view text, bool data) {
  std::vector<CodeSymbol> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    std::uint64_t address = 0;
    const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), address, 16);
    const auto at = static_cast<std::size_t>(rest - line.data());
    if (error != std::errc() || at + 3 >= line.size() || line[at] != ' ' || line[at + 2] != ' ') continue;
    const char type = line[at + 1];
    const std::string_view name = line.substr(at + 3);
    if (name.find('\t') != std::string_view::npos) continue;  // a module's
    const SymbolUse use = use_of_symbol(type, name);
    if (use == SymbolUse::none) continue;
    out.push_back({address, 0, data || use == SymbolUse::code ? std::string(name) : std::string(), type == 'T'});
  }
  return out;
}

}  // namespace aios
