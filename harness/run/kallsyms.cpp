// SPDX-License-Identifier: Apache-2.0
#include "harness/run/kallsyms.h"

#include <array>
#include <cstring>
#include <optional>
#include <string>

namespace aios {
namespace {

constexpr std::size_t kTokens = 256, kBlock = 256;  // names a marker
constexpr std::size_t kMostSymbols = 4U << 20;
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
    // 48 tokens stand before '0'.
    std::size_t begin = at;
    for (int i = 0; i < '0' && begin > 0; ++i) {
      const std::size_t before = begin < 2 ? std::string_view::npos : image.rfind('\0', begin - 2);
      begin = before == std::string_view::npos ? 0 : before + 1;
    }
    // The first token has padding before it, which looks like empty tokens: never more than a few.
    if (auto found = tokens_at(image, begin)) return found;
    if (auto found = tokens_at(image, up(begin, 8))) return found;
  }
  return std::nullopt;
}

struct Names {
  std::size_t begin = 0, count = 0, count_at = 0;
  std::vector<std::string> text;  // the type, then the name
};

std::optional<Names> names_at(std::string_view image, std::size_t begin, std::size_t count, std::size_t markers,
                              const Tokens& tokens) {
  Names out;
  out.begin = begin;
  out.count = count;
  std::size_t at = begin;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % kBlock == 0 && number_at<std::uint32_t>(image, markers + i / kBlock * 4) != at - begin) return std::nullopt;
    std::size_t length = number_at<std::uint8_t>(image, at++);
    if (length >= 0x80) length = (length & 0x7fU) | std::size_t{number_at<std::uint8_t>(image, at++)} << 7;
    if (length == 0 || at + length > markers) return std::nullopt;
    std::string name;
    for (std::size_t k = 0; k < length; ++k) name += tokens.text[number_at<std::uint8_t>(image, at + k)];
    at += length;
    out.text.push_back(std::move(name));
  }
  return out;
}

// Markers end where the tokens begin, are strictly rising, and begin with 0; the names end before them.
std::optional<Names> find_names(std::string_view image, const Tokens& tokens) {
  for (const std::size_t padding : {0U, 4U}) {
    std::size_t markers = tokens.begin / 4 * 4;
    if (markers < padding + 8) continue;
    markers -= padding;
    const std::size_t end = markers;
    std::uint32_t above = 0xffffffffU;
    bool found = false;
    while (markers >= 4) {
      const auto value = number_at<std::uint32_t>(image, markers - 4);
      if (value >= above) break;
      markers -= 4;
      above = value;
      if (value == 0) {
        found = true;
        break;
      }
    }
    const std::size_t blocks = (end - markers) / 4;
    if (!found || blocks == 0 || blocks > kMostSymbols / kBlock) continue;
    const std::size_t last = number_at<std::uint32_t>(image, end - 4);
    constexpr std::size_t kLongestBlock = kBlock * 514;
    if (last + 16 > markers) continue;
    const std::size_t highest = markers - last;
    for (std::size_t begin = highest / 4 * 4; begin >= 8 && begin + kLongestBlock > highest; begin -= 4) {
      for (const std::size_t before : {4U, 8U}) {
        const std::size_t count = number_at<std::uint32_t>(image, begin - before);
        if (count <= (blocks - 1) * kBlock || count > blocks * kBlock) continue;
        if (auto names = names_at(image, begin, count, markers, tokens)) {
          names->count_at = begin - before;
          return names;
        }
      }
    }
  }
  return std::nullopt;
}

struct Addresses {
  std::size_t offsets = 0;
  std::uint64_t base = 0;
};

std::optional<Addresses> addresses_at(std::string_view image, std::size_t offsets, std::size_t base_at) {
  const auto base = number_at<std::uint64_t>(image, base_at);
  if (base < kKernelHalf || base % 4096 != 0) return std::nullopt;
  return Addresses{offsets, base};
}

// Up to Linux 6.3 they stand before the names, since then behind the tokens.
std::optional<Addresses> find_addresses(std::string_view image, const Names& names, const Tokens& tokens) {
  const std::size_t size = up(names.count * 4, 8);
  if (names.count_at >= size + 8) {
    const std::size_t base = names.count_at / 8 * 8 - 8;
    if (auto found = addresses_at(image, base - size, base)) return found;
  }
  const std::size_t offsets = up(tokens.index_end, 8);
  return addresses_at(image, offsets, offsets + size);
}

}  // namespace

std::vector<CodeSymbol> kallsyms_symbols(std::string_view vmlinux, bool data) {
  const auto tokens = find_tokens(vmlinux);
  if (!tokens) return {};
  const auto names = find_names(vmlinux, *tokens);
  if (!names) return {};
  const auto addresses = find_addresses(vmlinux, *names, *tokens);
  if (!addresses) return {};
  const auto offset_at = [&](std::size_t i) { return number_at<std::int32_t>(vmlinux, addresses->offsets + 4 * i); };
  // With per-processor symbols kept absolute, everything else is stored as a negative distance.
  bool negative = false;
  for (std::size_t i = 0; i < names->count && !negative; ++i) negative = offset_at(i) < 0;
  std::vector<CodeSymbol> out;
  for (std::size_t i = 0; i < names->count; ++i) {
    const std::string& text = names->text[i];
    const std::int64_t offset = offset_at(i);
    if (negative && offset >= 0) continue;
    const std::uint64_t address = negative
                                      ? addresses->base - 1 - static_cast<std::uint64_t>(offset)
                                      : addresses->base + static_cast<std::uint32_t>(static_cast<std::int32_t>(offset));
    const SymbolUse use = use_of_symbol(text[0], std::string_view(text).substr(1));
    if (text.size() < 2 || use == SymbolUse::none) continue;
    out.push_back({address, 0, data || use == SymbolUse::code ? text.substr(1) : std::string(), text[0] == 'T'});
  }
  return out;
}

}  // namespace aios
