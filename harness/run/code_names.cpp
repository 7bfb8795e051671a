// SPDX-License-Identifier: Apache-2.0
#include "harness/run/code_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/run/kallsyms.h"

namespace aios {
namespace {

constexpr std::uint64_t kKernelHalfOfMemory = 0xffff800000000000;
constexpr std::uint64_t kKernelBase = 0xffffffff80000000;  // its code, and a physical address's alias
constexpr std::uint64_t kModuleArea = 0xffffffffa0000000;
constexpr std::uint64_t kLowMegabyte = 0x100000, kPhysicalEnd = 0x100000000, kFirmwareTop = 0xff000000;

std::string without_symbol(std::uint64_t address) {
  if (address == 0) return "(not told apart)";
  if (address >= kKernelHalfOfMemory) return "(kernel code without symbol)";
  if (address < kLowMegabyte || (address >= kFirmwareTop && address < kPhysicalEnd)) return "(firmware)";
  return "(code without symbol)";
}

bool early(std::uint64_t address) { return address >= kLowMegabyte && address < kFirmwareTop; }

ProfiledFunction function_of(const CodeSymbol& symbol, std::string image) {
  return {plain_name(symbol.name), std::move(image), symbol.address, symbol.size};
}

}  // namespace

CodeNames::CodeNames(const CodeSources& sources, const RawProfile& profile) {
  if (!sources.system_map.empty()) {
    kernel_ = SymbolTable(system_map_symbols(sources.system_map));
  } else {
    kernel_ = SymbolTable(kallsyms_symbols(sources.vmlinux));
    const bool program = !sources.programs.empty() && sources.programs.front().name == "kernel";
    if (!kernel_.empty()) {
      notes_.emplace_back("the kernel's symbols are those that it carries for itself (kallsyms)");
    } else if (!program) {
      notes_.emplace_back("the kernel has no symbols: neither System.map nor a table of its own");
    }
  }
  if (auto elf = read_elf_code(sources.vmlinux, "vmlinux"); elf.ok()) kernel_code_ = std::move(*elf);
  std::vector<const RawBlock*> in_modules;
  for (const auto& [id, block] : profile.blocks) {
    if (block.address >= kModuleArea && kernel_.find(block.address) == nullptr) in_modules.push_back(&block);
  }
  if (!in_modules.empty()) modules_ = place_modules(sources.modules, in_modules);
  for (const auto& from : sources.programs) {
    auto measured = read_elf_code(from.file, from.name);
    if (!measured.ok()) continue;
    Program program{from.name, std::move(*measured), {}};
    std::vector<CodeSymbol> symbols;
    if (auto with_symbols = read_elf_code(from.symbols, from.name); with_symbols.ok()) {
      for (auto& [section, symbol] : with_symbols->symbols) symbols.push_back(std::move(symbol));
    }
    const auto named = [](const CodeSymbol& symbol) { return !symbol.name.empty(); };
    if (std::none_of(symbols.begin(), symbols.end(), named)) notes_.push_back(fmt::format("{}: no symbols", from.name));
    program.symbols = SymbolTable(std::move(symbols));
    programs_.push_back(std::move(program));
  }
}

ProfiledFunction CodeNames::at(std::uint64_t address, std::string_view code) const {
  if (address >= kKernelHalfOfMemory) {
    if (const CodeSymbol* symbol = kernel_.find(address)) return function_of(*symbol, "kernel");
    for (const PlacedSection& section : modules_) {
      if (address < section.address || address - section.address >= section.size) continue;
      if (const CodeSymbol* symbol = section.symbols.find(address)) {
        return function_of(*symbol, "module " + section.module);
      }
      return {"(module " + section.module + ", without symbol)", "module " + section.module, 0, 0};
    }
    return {without_symbol(address), "", 0, 0};
  }
  for (const Program& program : programs_) {
    if (code.empty() || program.code.at(address, code.size()) != code) continue;
    if (const CodeSymbol* symbol = program.symbols.find(address)) return function_of(*symbol, program.name);
    return {"(" + program.name + ", without symbol)", program.name, 0, 0};
  }
  // The decompressor runs where the kernel will lie, so an address alone says nothing.
  if (early(address) && !code.empty() && kernel_code_.at(address + kKernelBase, code.size()) == code) {
    if (const CodeSymbol* symbol = kernel_.find(address + kKernelBase)) return function_of(*symbol, "kernel");
  }
  return {without_symbol(address), "", 0, 0};
}

std::uint64_t CodeNames::boundary(std::uint64_t from, std::uint64_t end) const {
  if (from >= kKernelHalfOfMemory) {
    const CodeSymbol* symbol = kernel_.next(from, end);
    return symbol == nullptr ? 0 : symbol->address;
  }
  return 0;
}

}  // namespace aios
