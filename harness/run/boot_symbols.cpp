// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_symbols.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstring>
#include <set>
#include <utility>

namespace aios {
namespace {

constexpr std::uint64_t kKernelMap = 0xffffffff80000000;  // where Linux maps its image, from physical 0
constexpr std::uint64_t kKernelMapEnd = 0xffffffffc0000000;
constexpr std::size_t kMaxSymbols = 16384;  // a hostile map stays small

// Linux's name, ours. Those that stand first run before paging, or in the identity map.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kPhases = {{
    {"pvh_start_xen", "image_entry"},
    {"startup_64", "kernel_entry"},
    {"x86_64_start_kernel", "x86_64_start_kernel"},
    {"start_kernel", "start_kernel"},
    {"rest_init", "rest_init"},
    {"kernel_init", "kernel_init"},
    {"do_pre_smp_initcalls", "do_pre_smp_initcalls"},
    {"do_basic_setup", "do_basic_setup"},
    {"console_on_rootfs", "console_on_rootfs"},
    {"free_initmem", "free_initmem"},
    {"mark_readonly", "mark_readonly"},
}};
constexpr std::size_t kEarlyPhases = 2;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view number_at(std::string_view text, std::size_t from) {
  std::size_t to = from;
  while (to < text.size() && is_digit(text[to])) ++to;
  return text.substr(from, to - from);
}

template <typename OnSymbol>
void each_symbol(std::string_view map, OnSymbol on_symbol) {
  while (!map.empty()) {
    const auto end = map.find('\n');
    const std::string_view line = map.substr(0, end);
    map.remove_prefix(end == std::string_view::npos ? map.size() : end + 1);
    std::uint64_t address = 0;
    const auto [stop, error] = std::from_chars(line.data(), line.data() + line.size(), address, 16);
    const auto used = static_cast<std::size_t>(stop - line.data());
    if (error != std::errc() || line.size() < used + 4 || line[used] != ' ' || line[used + 2] != ' ') continue;
    const std::string_view name = line.substr(used + 3);
    if (name.find(' ') == std::string_view::npos) on_symbol(address, line[used + 1], name);
  }
}

// The plugin's names for what it counts there; empty for what is no handler's entry.
std::string_view handler_name(std::string_view symbol) {
  if (symbol.starts_with("asm_exc_")) return "@exception";
  const bool interrupt =
      symbol.starts_with("asm_sysvec_") || symbol == "asm_common_interrupt" || symbol == "asm_spurious_interrupt";
  return interrupt ? "@interrupt" : "";
}

bool in_image(std::uint64_t address) { return address >= kKernelMap && address < kKernelMapEnd; }

}  // namespace

std::string_view initcall_function(std::string_view symbol) {
  constexpr std::string_view kPrefix = "__initcall__kmod_";
  if (!symbol.starts_with(kPrefix)) return {};
  symbol.remove_prefix(kPrefix.size());
  // The module's name may hold anything; the counter and the line come behind its last "__".
  for (auto at = symbol.find("__"); at != std::string_view::npos; at = symbol.find("__", at + 1)) {
    const std::string_view counter = number_at(symbol, at + 2);
    const std::size_t behind = at + 2 + counter.size();
    if (counter.empty() || behind >= symbol.size() || symbol[behind] != '_') continue;
    const std::string_view line = number_at(symbol, behind + 1);
    const std::size_t name_at = behind + 1 + line.size() + 1;
    if (line.empty() || name_at >= symbol.size() || symbol[name_at - 1] != '_') continue;
    std::string_view name = symbol.substr(name_at);
    for (const std::string_view level : {"early", "rootfs", "con"}) {
      if (name.ends_with(level)) return name.substr(0, name.size() - level.size());
    }
    if (name.ends_with('s')) name.remove_suffix(1);
    if (name.empty() || !is_digit(name.back())) return {};
    return name.substr(0, name.size() - 1);
  }
  return {};
}

std::vector<BootSymbol> boot_symbols(std::string_view system_map) {
  std::set<std::string_view> initcalls;
  each_symbol(system_map, [&](std::uint64_t, char, std::string_view name) {
    const std::string_view function = initcall_function(name);
    if (!function.empty() && initcalls.size() < kMaxSymbols) initcalls.insert(function);
  });
  std::vector<BootSymbol> out;
  each_symbol(system_map, [&](std::uint64_t address, char type, std::string_view name) {
    if (!in_image(address) || (type != 't' && type != 'T') || out.size() >= kMaxSymbols) return;
    for (std::size_t i = 0; i < kPhases.size(); ++i) {
      if (kPhases[i].first != name) continue;
      out.push_back({std::string(kPhases[i].second), "phase", address});
      if (i < kEarlyPhases) out.push_back({std::string(kPhases[i].second), "phase", address - kKernelMap});
    }
    if (const auto handler = handler_name(name); !handler.empty()) {
      out.push_back({std::string(handler), "handler", address});
    }
    if (initcalls.contains(name)) out.push_back({std::string(name), "initcall", address});
  });
  return out;
}

std::vector<BootSymbol> boot_symbols_of_elf(std::string_view head) {
  constexpr std::size_t kEntryAt = 24;
  if (head.size() < 64 || !head.starts_with("\x7f"
                                            "ELF\x02\x01"))
    return {};
  std::uint64_t entry = 0;
  std::memcpy(&entry, head.data() + kEntryAt, sizeof entry);
  if (in_image(entry)) entry -= kKernelMap;
  if (entry == 0) return {};
  return {{"kernel_entry", "phase", entry}};
}

BootSymbol bzimage_entry() { return {"image_entry", "phase", 0x100000}; }

std::vector<BootSymbol> phases_only(const std::vector<BootSymbol>& symbols) {
  std::vector<BootSymbol> out;
  for (const BootSymbol& symbol : symbols) {
    if (symbol.kind != "initcall") out.push_back(symbol);
  }
  return out;
}

std::string watch_list(const std::vector<BootSymbol>& symbols) {
  std::string out;
  for (const BootSymbol& symbol : symbols) out += fmt::format("{:x} {}\n", symbol.address, symbol.name);
  return out;
}

}  // namespace aios
