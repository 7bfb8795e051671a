// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/disassembly.h"

#include <fmt/format.h>

#include "harness/cli/subject_flags.h"
#include "harness/image/modules.h"
#include "harness/run/elf_code.h"
#include "harness/run/kallsyms.h"
#include "harness/run/repeat.h"
#include "harness/support/process.h"

namespace aios {
namespace {

Result<std::string> objdump(const Context& context, const fs::path& file, std::uint64_t from, std::uint64_t size,
                            const std::vector<std::string>& more = {}) {
  Command command;
  command.argv = {"objdump",
                  "-d",
                  "--no-show-raw-insn",
                  "-w",
                  fmt::format("--start-address={:#x}", from),
                  fmt::format("--stop-address={:#x}", from + size)};
  command.argv.insert(command.argv.end(), more.begin(), more.end());
  command.argv.push_back(file.string());
  command.env = {{"LC_ALL", "C"}};
  return run_checked(std::move(command), {.cancel = &context.cancel, .timeout = std::chrono::minutes(2)});
}

// The nearest name before an address.
NameOfAddress names_from(std::vector<CodeSymbol> symbols) {
  auto table = std::make_shared<SymbolTable>(std::move(symbols));
  return [table](std::uint64_t address) -> std::string {
    const CodeSymbol* symbol = table->find(address);
    if (symbol == nullptr) return {};
    const std::uint64_t by = address - symbol->address;
    return by == 0 ? plain_name(symbol->name) : fmt::format("{}+{:#x}", plain_name(symbol->name), by);
  };
}

Result<BuiltKernel> kernel_that_ran(const Context& context, Store& store, const RunRecord& run) {
  const RunRequest request = TRY(request_of(store, run.provenance.run));
  BuiltKernel built = TRY(build_subject(context, store.cache(), request.subject, {}));
  const auto key = run.inputs.find("build");
  if (key == run.inputs.end() || key->second == built.key) return built;
  return config_error(fmt::format("{} is another kernel now than when run {} was made: its code cannot be shown",
                                  run.subject, run.provenance.run),
                      {}, "explain with --fresh");
}

Result<std::vector<CodeLine>> elf_code(const Context& context, const fs::path& file, const ProfiledFunction& function) {
  const std::string bytes = TRY(read_file(file));
  std::vector<CodeSymbol> symbols;
  const ElfCode elf = TRY(read_elf_code(bytes, file.string()));
  for (const auto& [section, symbol] : elf.symbols) symbols.push_back(symbol);
  const std::string text = TRY(objdump(context, file, function.address, function.size));
  return normal_code(text, function.address, function.size, names_from(std::move(symbols)));
}

Result<std::vector<CodeLine>> kernel_code(const Context& context, const BuiltKernel& built,
                                          const ProfiledFunction& function) {
  if (!built.linux_kernel) return elf_code(context, built.image, function);
  if (built.vmlinux.empty()) {
    return config_error("this kernel has no unpacked image to read code from", built.folder.string());
  }
  std::vector<CodeSymbol> symbols;
  if (!built.system_map.empty()) {
    symbols = system_map_symbols(TRY(read_file(built.system_map)), true);
  } else {
    symbols = kallsyms_symbols(TRY(read_file(built.vmlinux)), true);
  }
  const std::string text = TRY(objdump(context, built.vmlinux, function.address, function.size));
  return normal_code(text, function.address, function.size, names_from(std::move(symbols)));
}

// A module's file has no addresses: its function stands by its name, and what it refers to by relocations.
Result<std::vector<CodeLine>> module_code(const Context& context, const BuiltKernel& built,
                                          const ProfiledFunction& function) {
  const std::string module = function.image.substr(std::string_view("module ").size());
  std::string content;
  for (const fs::path& file : built.module_files) {
    if (file.stem().string() == module) content = TRY(read_file(file));
  }
  if (content.empty()) {
    for (GuestModule& found : TRY(collect_modules(built.modules, {module}))) {
      if (found.name == module) content = std::move(found.content);
    }
  }
  const ElfCode elf = TRY(read_elf_code(content, module));
  const ScratchFolder scratch = TRY(ScratchFolder::create());
  TRY(write_file_atomic(scratch.path() / "module.ko", content));
  for (const auto& [section, symbol] : elf.symbols) {
    if (symbol.name != function.name) continue;
    const auto in = std::find_if(elf.sections.begin(), elf.sections.end(),
                                 [index = section](const ElfSection& s) { return s.index == index; });
    const std::string text =
        TRY(objdump(context, scratch.path() / "module.ko", symbol.address, function.size, {"-r", "-j", in->name}));
    return normal_code(text, symbol.address, function.size, [](std::uint64_t) { return std::string(); });
  }
  return config_error(fmt::format("module {} has no function {}", module, function.name));
}

}  // namespace

Result<std::vector<CodeLine>> disassemble(const Context& context, Store& store, const ProfiledSide& side,
                                          const ProfiledFunction& function) {
  if (function.address == 0 || function.size == 0) {
    return config_error(fmt::format("{} has no symbol, so there is no code to show", function.name));
  }
  if (function.image != "kernel" && !function.image.starts_with("module "))
    return elf_code(context, context.paths.guest / "symbols" / function.image, function);
  const BuiltKernel built = TRY(kernel_that_ran(context, store, side.run));
  return function.image == "kernel" ? kernel_code(context, built, function) : module_code(context, built, function);
}

}  // namespace aios
