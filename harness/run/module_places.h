// SPDX-License-Identifier: Apache-2.0
// Where the guest's kernel put its modules. Nobody tells: /proc/kallsyms is not read, since the guest would have to run
// another program for it. But a profile has the bytes of what was executed, and a module file has them too, but for
// those that the loader writes (relocations, calls that the kernel patches): the one distance at which they agree.
#pragma once

#include <string>
#include <vector>

#include "harness/machine/qemu/profile_counts.h"
#include "harness/run/elf_code.h"

namespace aios {

struct ModuleFile {
  std::string name;
  std::string content;  // uncompressed ELF
};

struct PlacedSection {
  std::string module;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  SymbolTable symbols;  // at their places in memory
};

// Of each module the executable sections from which something was executed. `blocks`: those in the modules' area.
std::vector<PlacedSection> place_modules(const std::vector<ModuleFile>& modules,
                                         const std::vector<const RawBlock*>& blocks);

}  // namespace aios
