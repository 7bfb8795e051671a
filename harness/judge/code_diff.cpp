// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/code_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kMaxLines = 4000;  // of a function; the table of the alignment is its square
constexpr std::uint64_t kKernelCode = 0xffffffff80000000;

std::optional<std::uint64_t> hex_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc() || rest == text.data()) return std::nullopt;
  return value;
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::string single_blanks(std::string_view text) { return join(split_words(text), " "); }

class Normaliser {
 public:
  Normaliser(std::uint64_t address, std::uint64_t size, const NameOfAddress& name_of)
      : address_(address), size_(size), name_of_(name_of) {}

  // "jne    ffffffff81000010 <f+0x10>": the target is the last word but the symbol.
  std::string line(std::string_view text) const {
    std::string_view comment;
    if (const auto at = text.find(" # "); at != std::string_view::npos) {
      comment = trim(text.substr(at + 3));
      text = text.substr(0, at);
    }
    if (const auto at = text.find(" <"); at != std::string_view::npos) text = text.substr(0, at);
    std::string out = single_blanks(text);
    const auto blank = out.rfind(' ');
    if (blank != std::string::npos && is_jump(out)) {
      const std::string word = out.substr(blank + 1);
      const auto target = hex_number(word);
      if (target && std::all_of(word.begin(), word.end(), is_hex)) return out.substr(0, blank + 1) + place(*target);
    }
    if (const auto rip = out.find("(%rip)"); rip != std::string::npos) {
      const auto meant = hex_number(comment);
      std::size_t begin = rip;
      while (begin > 0 && (is_hex(out[begin - 1]) || out[begin - 1] == 'x' || out[begin - 1] == '-')) --begin;
      if (meant) out = out.substr(0, begin) + place(*meant) + out.substr(rip);
    }
    return literals(std::move(out));
  }

 private:
  static bool is_jump(const std::string& text) {
    const std::string_view first = std::string_view(text).substr(0, text.find(' '));
    return first.starts_with('j') || first.starts_with("call") || first.starts_with("loop") || first == "bnd" ||
           first == "notrack" || first == "cs" || first == "xbegin";
  }

  std::string place(std::uint64_t target) const {
    if (target >= address_ && target - address_ < size_) return fmt::format("+{:#x}", target - address_);
    const std::string name = name_of_(target);
    return name.empty() ? fmt::format("{:#x}", target) : name;
  }

  // Absolute addresses of the kernel inside an operand: $0xffffffff82001000, 0xffffffff82001000(,%rax,8), -0x7dfff000(.
  std::string literals(std::string text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t found = text.find("0x", at);
      if (found == std::string::npos) return out + text.substr(at);
      std::size_t end = found + 2;
      while (end < text.size() && is_hex(text[end])) ++end;
      const auto value = hex_number(std::string_view(text).substr(found + 2, end - found - 2));
      const bool negative = found > 0 && text[found - 1] == '-';
      const std::uint64_t meant = !value ? 0 : negative ? ~*value + 1 : *value;
      const std::string name = meant >= kKernelCode && meant < ~std::uint64_t{0xffffff} ? name_of_(meant) : "";
      if (name.empty()) {
        out += text.substr(at, end - at);
      } else {
        out += text.substr(at, found - at - (negative ? 1 : 0)) + name;
      }
      at = end;
    }
    return out;
  }

  std::uint64_t address_, size_;
  const NameOfAddress& name_of_;
};

bool is_padding(const std::string& text) {
  return text.find("nop") != std::string::npos || text.starts_with("int3") || text == "xchg %ax,%ax";
}

// How an instruction is compared: a jump inside the function without how far it goes.
std::string likeness(const CodeLine& line) {
  const auto at = line.text.rfind(" +0x");
  return at == std::string::npos ? line.text : line.text.substr(0, at + 2);
}

}  // namespace

std::vector<CodeLine> normal_code(std::string_view objdump, std::uint64_t address, std::uint64_t size,
                                  const NameOfAddress& name_of) {
  const Normaliser normaliser(address, size, name_of);
  std::vector<CodeLine> out;
  for (const std::string& line : split(objdump, '\n')) {
    // "ffffffff81000000:\tpush   %rbp", addresses and tabs, no bytes.
    const auto colon = line.find(":\t");
    if (colon == std::string::npos || out.size() == kMaxLines) continue;
    const auto at = hex_number(trim(std::string_view(line).substr(0, colon)));
    if (!at || *at < address || *at - address >= size) continue;
    out.push_back({*at - address, normaliser.line(std::string_view(line).substr(colon + 2))});
  }
  // Padding behind the last instruction belongs to nobody.
  while (!out.empty() && is_padding(out.back().text)) out.pop_back();
  return out;
}

// Longest common subsequence.
std::vector<CodeDiffRow> CodeDiff::rows() const {
  const std::size_t n = first.size(), m = second.size();
  std::vector<std::string> a, b;
  for (const CodeLine& line : first) a.push_back(likeness(line));
  for (const CodeLine& line : second) b.push_back(likeness(line));
  std::vector<std::uint16_t> length((n + 1) * (m + 1));
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint16_t& { return length[i * (m + 1) + j]; };
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      at(i, j) = a[i] == b[j] ? static_cast<std::uint16_t>(at(i + 1, j + 1) + 1) : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::vector<CodeDiffRow> out;
  std::size_t i = 0, j = 0;
  while (i < n || j < m) {
    if (i < n && j < m && a[i] == b[j]) {
      out.push_back({&first[i++], &second[j++], true});
    } else if (j == m || (i < n && at(i + 1, j) >= at(i, j + 1))) {
      out.push_back({&first[i++], nullptr, false});
    } else {
      out.push_back({nullptr, &second[j++], false});
    }
  }
  return out;
}

}  // namespace aios
