// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cctype>

#include "harness/support/text.h"
#include "reports/markdown.h"

namespace aios {
namespace {

constexpr std::size_t kLongest = 300;

bool alphanumeric(std::string_view text, std::size_t at) {
  return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
}

// Whether a byte may stand as it is: no emphasis, no link (also not one that a renderer finds by itself), no mention.
bool plain(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte >= 0x80 || alphanumeric(text, at) || byte == ' ') return true;
  switch (text[at]) {
    case '.':
      return at > 0 && (at < 3 || (text.substr(at - 3, 3) != "www" && text.substr(at - 3, 3) != "WWW"));
    case ':':
      return at > 0 && (at + 1 == text.size() || text[at + 1] == ' ');
    case '_':
      return at > 0 && alphanumeric(text, at - 1) && alphanumeric(text, at + 1);
    case '-':
    case '+':
    case '=':
      return at > 0;  // at the beginning: a list, a heading
    default:
      return std::string_view(",;()'/%?").find(text[at]) != std::string_view::npos;
  }
}

std::string referenced(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (plain(text, i)) {
      out += text[i];
    } else {
      out += fmt::format("&#{};", static_cast<unsigned>(static_cast<unsigned char>(text[i])));
    }
  }
  return out;
}

std::string harmless(std::string_view text) {
  std::string out = printable(text.substr(0, kLongest));
  for (char& c : out) {
    if (c == '\t') c = ' ';
  }
  return out;
}

// Between backticks all is literal but the backtick and, in a table, the bar; what looks like a tag is kept out too.
bool fits_code_span(std::string_view text) {
  if (text.front() == ' ' || text.back() == ' ') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`' || text[i] == '|' || text[i] == '\\') return false;
    if (text[i] == '<' && i + 1 < text.size() && text[i + 1] != ' ' && text[i + 1] != '=') return false;
  }
  return true;
}

}  // namespace

std::string markdown_text(std::string_view text) { return referenced(harmless(text)); }

std::string markdown_code(std::string_view text) {
  const std::string safe = harmless(text);
  if (safe.empty()) return {};
  return fits_code_span(safe) ? "`" + safe + "`" : "<code>" + referenced(safe) + "</code>";
}

}  // namespace aios
