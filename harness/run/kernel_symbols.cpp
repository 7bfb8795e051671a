// SPDX-License-Identifier: Apache-2.0
#include "harness/run/kernel_symbols.h"

#include <algorithm>
#include <cstdio>

#include "harness/run/boot_recipe.h"
#include "harness/support/files.h"

namespace aios {
namespace {

constexpr std::uint64_t kMaxMap = 256U << 20;

}  // namespace

Result<std::vector<BootSymbol>> kernel_symbols(const Plan& plan, const BuiltKernel& kernel) {
  if (plan.black_box || plan.frames || !plan.exact()) return std::vector<BootSymbol>();
  std::vector<BootSymbol> out;
  if (!kernel.system_map.empty() && fs::exists(kernel.system_map)) {
    out = boot_symbols(TRY(read_file(kernel.system_map, kMaxMap)));
  }
  const bool entry_known =
      std::any_of(out.begin(), out.end(), [](const BootSymbol& symbol) { return symbol.name == "kernel_entry"; });
  if (!entry_known && !kernel.vmlinux.empty()) {
    std::string head(64, '\0');
    if (FILE* file = std::fopen(kernel.vmlinux.c_str(), "rb"); file != nullptr) {
      head.resize(std::fread(head.data(), 1, head.size(), file));
      std::fclose(file);
      for (BootSymbol& symbol : boot_symbols_of_elf(head)) out.push_back(std::move(symbol));
    }
  }
  if (boot_image(plan, kernel) == kernel.image) {
    // The unpacked kernel's own way in is not taken, and its address may be the decompressor's.
    std::erase_if(out, [](const BootSymbol& symbol) { return symbol.name == "image_entry"; });
    out.push_back(bzimage_entry());
  }
  return out;
}

}  // namespace aios
