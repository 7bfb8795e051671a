// SPDX-License-Identifier: Apache-2.0
// One function's instructions of two builds side by side. Addresses are taken out before anything is compared: a jump
// inside the function is by how far, a call or a datum by its symbol, so that what was only moved is equal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

struct CodeLine {
  std::uint64_t offset = 0;  // from the function's beginning
  std::string text;          // "call schedule", "jne +0x1c"
};

// "name" or "name+0x10" for an address; empty: not known.
using NameOfAddress = std::function<std::string(std::uint64_t)>;

// From what `objdump -d` prints of one function. `address`: where the function begins, `size` how long it is.
std::vector<CodeLine> normal_code(std::string_view objdump, std::uint64_t address, std::uint64_t size,
                                  const NameOfAddress& name_of);

struct CodeDiffRow {
  const CodeLine* first = nullptr;  // null: not on this side
  const CodeLine* second = nullptr;
  bool same = false;
};

struct CodeDiff {
  std::string function;
  std::string first_name, second_name;  // of the sides
  std::vector<CodeLine> first, second;
  // Aligned so that as many as possible stand beside their like. Jumps that differ only in how far are the same where
  // only what lies between has grown.
  std::vector<CodeDiffRow> rows() const;
};

}  // namespace aios
