// SPDX-License-Identifier: Apache-2.0
// Reads what QEMU's `info registers` prints, as far as telling a resting processor from a spinning one needs it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

struct ProcessorState {
  std::uint64_t ip = 0;  // linear: with the base of the code segment where that matters
  bool halted = false;
  bool interrupts_on = false;
};

std::optional<ProcessorState> parse_registers(std::string_view text);

// Addresses where the image's own code may lie. Empty: not known, and then firmware is what is excluded.
struct AddressRange {
  std::uint64_t begin = 0, end = 0;
};

bool inside_image(std::uint64_t ip, const std::vector<AddressRange>& image);

// "halted with interrupts off at 0x100036", "running at 0x...": for evidence.
std::string describe(const ProcessorState& state);

}  // namespace aios
