// SPDX-License-Identifier: Apache-2.0
#include "harness/run/kallsyms.h"

#include <array>
#include <cstring>
#include <optional>
#include <string>

namespace aios {
namespace {

constexpr std::size_t kTokens = 256, kBlock = 256;  // names a marker
constexpr std::size_t kFewestSymbols = 64, kMostSymbols = 4U << 20;
constexpr std::size_t kLongestTable = 32U << 20;
constexpr std::uint64_t kKernelHalf = 0xffffffff80000000;

constexpr std::size_t up(std::size_t at, std::size_t to) { return (at + to - 1) / to * to; }

template <typename T>
T number_at(std::string_view image, std::size_t at) {
  T out{};
  if (at <= image.size() && image.size() - at >= sizeof out) std::memcpy(&out, image.data() + at, sizeof out);
  return out;
}

struct Tokens {
  std::size_t begin = 0, end = 0, index_end = 0;
  std::array<std::string_view, kTokens> text;
};

// The table of tokens behind `begin`, if the index that follows it says the same.
std::optional<Tokens> tokens_at(std::string_view image, std::size_t begin) {
  Tokens tokens;
  tokens.begin = begin;
  std::array<std::size_t, kTokens> offsets{};
  std::size_t at = begin;
  for (std::size_t i = 0; i < kTokens; ++i) {
    const std::size_t end = image.find('\0', at);
    if (end == std::string_view::npos || end - at > 64) return std::nullopt;
    offsets[i] = at - begin;
    tokens.text[i] = image.substr(at, end - at);
    at = end + 1;
  }
  tokens.end = at;
  for (const std::size_t align : {8U, 4U, 2U}) {
    const std::size_t index = up(at, align);
    bool same = true;
    for (std::size_t i = 0; i < kTokens && same; ++i) {
      same = number_at<std::uint16_t>(image, index + 2 * i) == offsets[i];
    }
    if (!same) continue;
    tokens.index_end = index + 2 * kTokens;
    return tokens;
  }
  return std::nullopt;
}

std::optional<Tokens> find_tokens(std::string_view image) {
  // The ten digits are tokens of their own, one behind the other.
  std::string digits;
  for (char c = '0'; c <= '9'; ++c) digits += {c, '\0'};
  for (std::size_t at = image.find(digits); at != std::string_view::npos; at = image.find(digits, at + 1)) {
    // 48 tokens stand before '0'. What is before the first need not end with a zero, but it is aligned.
    std::size_t second = at;
    for (int i = 0; i < '0' - 1 && second > 1; ++i) {
      const std::size_t before = image.rfind('\0', second - 2);
      second = before == std::string_view::npos ? 0 : before + 1;
    }
    for (std::size_t back = 1; back <= 64 && back <= second; ++back) {
      if ((second - back) % 4 != 0) continue;
      if (auto found = tokens_at(image, second - back)) return found;
    }
  }
  return std::nullopt;
}

struct Table {
  std::size_t offsets = 0;  // where the addresses are
  std::uint64_t base = 0;
  std::vector<std::string> names;  // the type, then the name
};

// `count` names from `begin` on; every 256th must stand where its marker says. `markers` 0: they stand behind the
// names.
std::vector<std::string> names_at(std::string_view image, std::size_t begin, std::size_t count, std::size_t markers,
                                  const Tokens& tokens) {
  std::vector<std::string> out;
  std::vector<std::size_t> begins;
  std::size_t at = begin;
  while (out.size() < count) {
    if (out.size() % kBlock == 0) begins.push_back(at - begin);
    std::size_t length = number_at<std::uint8_t>(image, at++);
    if (length >= 0x80) length = (length & 0x7fU) | std::size_t{number_at<std::uint8_t>(image, at++)} << 7;
    if (length == 0 || length > 512 || at + length > tokens.begin) return {};
    std::string name;
    for (std::size_t k = 0; k < length; ++k) name += tokens.text[number_at<std::uint8_t>(image, at + k)];
    at += length;
    out.push_back(std::move(name));
  }
  if (markers == 0) markers = up(at, 8);
  for (std::size_t i = 0; i < begins.size(); ++i) {
    if (number_at<std::uint32_t>(image, markers + 4 * i) != begins[i]) return {};
  }
  return out;
}

bool may_be_base(std::uint64_t value) { return value >= kKernelHalf && value % 4096 == 0; }

// Up to Linux 6.3: addresses, base, how many, names, markers, and at last the tokens.
std::optional<Table> older_layout(std::string_view image, const Tokens& tokens) {
  const std::size_t lowest = tokens.begin < kLongestTable ? 0 : tokens.begin - kLongestTable;
  for (std::size_t at = tokens.begin / 8 * 8; at >= lowest + 16; at -= 8) {
    const auto base = number_at<std::uint64_t>(image, at - 8);
    const std::size_t count = number_at<std::uint32_t>(image, at);
    if (!may_be_base(base) || count < kFewestSymbols || count > kMostSymbols) continue;
    const std::size_t offsets = at - 8 - std::min(at - 8, up(count * 4, 8));
    auto names = names_at(image, at + 8, count, 0, tokens);
    if (!names.empty()) return Table{offsets, base, std::move(names)};
  }
  return std::nullopt;
}

// Since Linux 6.4: how many, names, markers, tokens and their index, addresses, base.
std::optional<Table> newer_layout(std::string_view image, const Tokens& tokens) {
  for (const std::size_t padding : {0U, 4U}) {
    const std::size_t end = tokens.begin / 4 * 4 - padding;
    std::size_t markers = end;
    std::uint32_t above = 0xffffffffU;
    // Markers rise strictly and begin with 0.
    while (markers >= 4 && above != 0) {
      const auto value = number_at<std::uint32_t>(image, markers - 4);
      if (value >= above) break;
      markers -= 4;
      above = value;
    }
    const std::size_t blocks = (end - markers) / 4;
    if (above != 0 || blocks == 0) continue;
    const std::size_t highest = markers - std::min<std::size_t>(markers, number_at<std::uint32_t>(image, end - 4));
    for (std::size_t begin = highest / 4 * 4; begin >= 8 && begin + kBlock * 514 > highest; begin -= 4) {
      for (const std::size_t before : {4U, 8U}) {
        const std::size_t count = number_at<std::uint32_t>(image, begin - before);
        if (count <= (blocks - 1) * kBlock || count > blocks * kBlock) continue;
        auto names = names_at(image, begin, count, markers, tokens);
        const std::size_t offsets = up(tokens.index_end, 8);
        const auto base = number_at<std::uint64_t>(image, offsets + up(count * 4, 8));
        if (!names.empty() && may_be_base(base)) return Table{offsets, base, std::move(names)};
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<CodeSymbol> kallsyms_symbols(std::string_view vmlinux, bool data) {
  const auto tokens = find_tokens(vmlinux);
  if (!tokens) return {};
  auto table = newer_layout(vmlinux, *tokens);
  if (!table) table = older_layout(vmlinux, *tokens);
  if (!table) return {};
  const auto offset_at = [&](std::size_t i) { return number_at<std::int32_t>(vmlinux, table->offsets + 4 * i); };
  // With per-processor symbols kept absolute, everything else is stored as a negative distance.
  bool negative = false;
  for (std::size_t i = 0; i < table->names.size() && !negative; ++i) negative = offset_at(i) < 0;
  std::vector<CodeSymbol> out;
  for (std::size_t i = 0; i < table->names.size(); ++i) {
    const std::string& text = table->names[i];
    const std::int64_t offset = offset_at(i);
    if (negative && offset >= 0) continue;
    const std::uint64_t address = negative
                                      ? table->base - 1 - static_cast<std::uint64_t>(offset)
                                      : table->base + static_cast<std::uint32_t>(static_cast<std::int32_t>(offset));
    const SymbolUse use = use_of_symbol(text[0], std::string_view(text).substr(1));
    if (text.size() < 2 || use == SymbolUse::none) continue;
    out.push_back({address, 0, data || use == SymbolUse::code ? text.substr(1) : std::string(), text[0] == 'T'});
  }
  return out;
}

}  // namespace aios
