// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/ktap.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kMaxResults = 20'000, kMaxProblems = 100, kMaxLevels = 16, kMaxName = 512;
constexpr std::size_t kMaxDiagnostics = 4096, kMaxAllDiagnostics = 4U << 20;

bool digit(char c) { return c >= '0' && c <= '9'; }

// "<6>" and "[   12.345678] ", as printk writes them.
std::string_view without_printk_prefix(std::string_view text) {
  if (text.size() > 3 && text[0] == '<' && digit(text[1]) && text[2] == '>') text.remove_prefix(3);
  if (!text.starts_with('[')) return text;
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos || end > 24) return text;
  const std::string_view stamp = text.substr(1, end - 1);
  if (stamp.find('.') == std::string_view::npos || stamp.find_first_not_of(" .0123456789") != std::string_view::npos) {
    return text;
  }
  text.remove_prefix(end + 1);
  if (text.starts_with(' ')) text.remove_prefix(1);
  return text;
}

bool plan_line(std::string_view text) { return text.size() > 3 && text.starts_with("1..") && digit(text[3]); }
bool version_line(std::string_view text) {
  return text.starts_with("KTAP version ") || text.starts_with("TAP version ");
}
bool keyword(std::string_view text) {
  return text == "ok" || text == "not ok" || text.starts_with("ok ") || text.starts_with("not ok ") ||
         version_line(text) || plan_line(text);
}

// Blanks, and kselftest's "# " where a KTAP line follows it.
std::size_t take_indent(std::string_view& text) {
  std::size_t indent = 0;
  for (;;) {
    const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
    indent += blanks;
    text.remove_prefix(blanks);
    std::string_view inner = text;
    while (inner.starts_with("# ")) {
      inner.remove_prefix(2);
      inner.remove_prefix(std::min(inner.find_first_not_of(' '), inner.size()));
    }
    if (!text.starts_with("# ") || !keyword(inner)) return indent;
    indent += 2;
    text.remove_prefix(2);
  }
}

struct Directive {
  std::string_view name, reason;
};
constexpr std::array<std::string_view, 5> kDirectives = {"SKIP", "TODO", "XFAIL", "TIMEOUT", "ERROR"};

// Cuts "# SKIP why" off the description. What stands there and is no directive ("# exit=1") is a reason without a name.
Directive take_directive(std::string_view& description) {
  const std::size_t at = description.starts_with("# ") ? 0 : description.find(" # ");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = trim(description.substr(description.find('#', at) + 1));
  description = trim(description.substr(0, at));
  for (const auto name : kDirectives) {
    if (rest.size() < name.size() || ::strncasecmp(rest.data(), name.data(), name.size()) != 0) continue;
    if (rest.size() > name.size() && rest[name.size()] != ' ' && rest[name.size()] != ':') continue;
    return Directive{name, trim(rest.substr(std::min(name.size() + 1, rest.size())))};
  }
  return Directive{{}, rest};
}

}  // namespace

void KtapReader::line(std::string_view text) {
  while (text.ends_with('\r')) text.remove_suffix(1);
  text = without_printk_prefix(text);
  const std::size_t indent = take_indent(text);
  if (version_line(text)) {
    seen_ = true;
    close_deeper_than(indent, {});
    if (!levels_.empty() && levels_.back().indent == indent) close_level(levels_.back().subtest);
    level_at(indent);
    return;
  }
  if (!seen_) return;
  if (text.starts_with("# Subtest: ")) {
    level_at(indent).subtest = text.substr(11, kMaxName);
  } else if (plan_line(text)) {
    std::int64_t planned = 0;
    std::from_chars(text.data() + 3, text.data() + text.size(), planned);
    level_at(indent).planned = planned;
  } else if (text == "ok" || text.starts_with("ok ")) {
    result(indent, true, text.substr(2));
  } else if (text == "not ok" || text.starts_with("not ok ")) {
    result(indent, false, text.substr(6));
  } else if (text.starts_with("Bail out!")) {
    problem(fmt::format("the test program gave up: {}", text.substr(0, kMaxName)));
  } else if (text.starts_with('#')) {
    diagnostic(trim(text.substr(1)));
  }
}

void KtapReader::finish() {
  while (!levels_.empty()) close_level(levels_.size() > 1 ? levels_.back().subtest : "");
}

KtapReader::Level& KtapReader::level_at(std::size_t indent) {
  if (levels_.empty() || (levels_.back().indent < indent && levels_.size() < kMaxLevels)) {
    levels_.push_back({.indent = indent, .first = results_.size()});
  }
  return levels_.back();
}

bool KtapReader::close_deeper_than(std::size_t indent, std::string_view parent) {
  bool tests = false;
  while (!levels_.empty() && levels_.back().indent > indent) {
    tests = tests || levels_.back().reported > 0;
    const bool last = levels_.size() == 1 || levels_[levels_.size() - 2].indent <= indent;
    close_level(last && !parent.empty() ? std::string(parent) : levels_.back().subtest);
  }
  return tests;
}

void KtapReader::close_level(std::string prefix) {
  const Level level = std::move(levels_.back());
  levels_.pop_back();
  if (level.planned >= 0 && level.planned != level.reported) {
    problem(fmt::format("{}{}: {} tests were planned, {} reported", prefix, prefix.empty() ? "the test program" : "",
                        level.planned, level.reported));
  }
  if (prefix.empty()) return;
  for (std::size_t i = level.first; i < results_.size(); ++i) {
    results_[i].name = (prefix + "/" + results_[i].name).substr(0, kMaxName);
  }
}

void KtapReader::result(std::size_t indent, bool ok, std::string_view rest) {
  std::string_view description = trim(rest);
  const std::size_t number_end = std::min(description.find_first_not_of("0123456789"), description.size());
  description = trim(description.substr(number_end));
  if (description.starts_with("- ")) description = trim(description.substr(2));
  const Directive directive = take_directive(description);
  KtapResult result{.name = std::string(description.substr(0, kMaxName)), .ok = ok};
  result.skipped = directive.name == "SKIP";
  result.expected_bad = directive.name == "TODO" || directive.name == "XFAIL";
  result.reason = directive.reason.substr(0, kMaxName);
  const std::size_t first = results_.size();
  const bool parent = close_deeper_than(indent, result.name);
  Level& level = level_at(indent);
  ++level.reported;
  result.diagnostics = std::exchange(level.diagnostics, {});
  // The line of a whole suite repeats what its cases said, unless it failed and none of them did.
  const bool said =
      parent && (result.passed() || std::any_of(results_.begin() + static_cast<std::ptrdiff_t>(level.first),
                                                results_.begin() + static_cast<std::ptrdiff_t>(first),
                                                [](const KtapResult& r) { return !r.passed(); }));
  if (said) return;
  if (results_.size() >= kMaxResults) return problem(fmt::format("more than {} results", kMaxResults));
  results_.push_back(std::move(result));
}

void KtapReader::diagnostic(std::string_view text) {
  if (levels_.empty() || text_bytes_ >= kMaxAllDiagnostics) return;
  std::string& kept = levels_.back().diagnostics;
  if (kept.size() >= kMaxDiagnostics) return;
  kept += text.substr(0, kMaxDiagnostics - kept.size());
  kept += '\n';
  text_bytes_ += text.size() + 1;
}

void KtapReader::problem(std::string text) {
  if (problems_.size() < kMaxProblems) problems_.push_back(std::move(text));
}

}  // namespace aios
