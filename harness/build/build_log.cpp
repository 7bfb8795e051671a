// SPDX-License-Identifier: Apache-2.0
#include "harness/build/build_log.h"

#include <fmt/format.h>

#include <array>
#include <cctype>

#include "harness/support/text.h"

namespace aios {
namespace {

enum Strength { kNothing, kMake, kLink, kCompiler, kHost };

constexpr std::array<std::string_view, 4> kHostTroubles = {
    "No space left on device", "Disk quota exceeded", "Cannot allocate memory", "Killed signal terminated program"};
// These come without a file and a line.
constexpr std::array<std::string_view, 4> kLinkTroubles = {
    "undefined reference to", "ERROR: modpost:", "multiple definition of", "No rule to make target"};

// "fs/a.c:12:3: error: ..." and Kconfig's "fs/Kconfig:12: syntax error": where the place ends, or npos.
std::size_t end_of_place(std::string_view text) {
  const auto first = text.find(':');
  if (first == std::string_view::npos || first == 0 || text.substr(0, first).find(' ') != std::string_view::npos) {
    return std::string_view::npos;
  }
  std::size_t at = first;
  while (at < text.size() && text[at] == ':') {
    std::size_t digits = at + 1;
    while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) ++digits;
    if (digits == at + 1) break;
    at = digits;
  }
  return at == first || at >= text.size() || text[at] != ':' ? std::string_view::npos : at;
}

bool says_error(std::string_view message) {
  message = trim(message);
  return message.starts_with("error:") || message.starts_with("fatal error:") || message.starts_with("Error:") ||
         message.starts_with("syntax error") || message.starts_with("undefined reference") ||
         message.starts_with("multiple definition") || message.starts_with("recursive dependency detected") ||
         message.starts_with("***");
}

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& words) {
  for (const auto word : words) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string_view> BuildLog::line(std::string_view text) {
  // kbuild's short form: two blanks, a command in capitals, blanks, the target.
  if (text.size() > 4 && text.starts_with("  ") && std::isupper(static_cast<unsigned char>(text[2])) != 0) {
    const auto blank = text.find(' ', 2);
    if (blank == std::string_view::npos) return std::nullopt;
    ++steps_;
    const auto target = trim(text.substr(blank));
    return target;
  }
  look_for_error(text);
  return std::nullopt;
}

void BuildLog::look_for_error(std::string_view text) {
  if (strength_ >= kHost || (strength_ >= kCompiler && !contains_any(text, kHostTroubles))) return;
  if (contains_any(text, kHostTroubles)) {
    failure_ = BuildFailure{{}, printable(trim(text)), true};
    strength_ = kHost;
    return;
  }
  const auto place = end_of_place(text);
  if (place != std::string_view::npos && says_error(text.substr(place + 1))) {
    std::string where(text.substr(0, place));
    if (!source_.empty() && where.starts_with(source_)) where.erase(0, source_.size());
    while (where.starts_with('/') || where.starts_with("../") || where.starts_with("./")) {
      where.erase(0, where.find('/') + 1);
    }
    failure_ = BuildFailure{printable(where), printable(trim(text.substr(place + 1))), false};
    strength_ = kCompiler;
  } else if (strength_ < kLink && contains_any(text, kLinkTroubles)) {
    failure_ = BuildFailure{{}, printable(trim(text)), false};
    strength_ = kLink;
  } else if (strength_ < kMake && text.find(": *** ") != std::string_view::npos) {
    const auto stars = text.find("*** ");
    failure_ = BuildFailure{{}, printable(trim(text.substr(stars + 4))), false};
    strength_ = kMake;
  }
}

Error build_error(const BuildLog& log, std::string_view kernel, std::string_view log_path) {
  const std::string hint = fmt::format("the whole log: {}", log_path);
  if (!log.failure())
    return kernel_fault(fmt::format("{} does not build, and make does not say why", kernel), {}, hint);
  const BuildFailure& failure = *log.failure();
  if (failure.host) {
    return infra_fault(fmt::format("building {} failed on this machine: {}", kernel, failure.message), {},
                       hint + "; make room (`aios-bench gc`) and try again, it goes on where it stopped");
  }
  return kernel_fault(fmt::format("{} does not build: {}", kernel, failure.message), failure.where, hint);
}

}  // namespace aios
