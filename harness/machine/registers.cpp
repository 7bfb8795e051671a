// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/registers.h"

#include <fmt/format.h>

#include <charconv>

namespace aios {
namespace {

constexpr std::uint64_t kInterruptFlag = 0x200;

// The hexadecimal number after `name`, which must stand at the start of a word.
std::optional<std::uint64_t> hex_after(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    if (at != 0 && text[at - 1] != ' ' && text[at - 1] != '\n') continue;
    auto rest = text.substr(at + name.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value, 16);
    if (error == std::errc{} && end != rest.data()) return value;
  }
  return std::nullopt;
}

// "CS =f000 000f0000 0000ffff ...": the base, which only counts where the mode is not 64 bits (there it is zero).
std::uint64_t code_base(std::string_view text) {
  const auto line = text.find("CS =");
  if (line == std::string_view::npos) return 0;
  const auto space = text.find(' ', line + 4);
  if (space == std::string_view::npos) return 0;
  return hex_after(text.substr(space), " ").value_or(0);
}

}  // namespace

std::optional<ProcessorState> parse_registers(std::string_view text) {
  auto ip = hex_after(text, "RIP=");
  auto flags = hex_after(text, "RFL=");
  if (!ip) {
    ip = hex_after(text, "EIP=");
    flags = hex_after(text, "EFL=");
    if (!ip) return std::nullopt;
    *ip += code_base(text);
  }
  return ProcessorState{.ip = *ip,
                        .halted = hex_after(text, "HLT=").value_or(0) != 0,
                        .interrupts_on = (flags.value_or(0) & kInterruptFlag) != 0};
}

bool inside_image(std::uint64_t ip, const std::vector<AddressRange>& image) {
  for (const auto& range : image) {
    if (ip >= range.begin && ip < range.end) return true;
  }
  if (!image.empty()) return false;
  // SeaBIOS rests in 0xc0000-0xfffff; its 32-bit part lies under the top of the low memory and only runs, never rests.
  const bool option_rom_or_bios = ip >= 0xc0000 && ip < 0x100000;
  const bool flash = ip >= 0xff000000 && ip <= 0xffffffff;
  return !option_rom_or_bios && !flash;
}

std::string describe(const ProcessorState& state) {
  if (!state.halted) return fmt::format("running at {:#x}", state.ip);
  return fmt::format("halted with interrupts {} at {:#x}", state.interrupts_on ? "on" : "off", state.ip);
}

}  // namespace aios
