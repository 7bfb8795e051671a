// SPDX-License-Identifier: Apache-2.0
#include "harness/export/exposition_line.h"

#include <prometheus/check_names.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kMostLabels = 8;
constexpr std::size_t kLongestValue = 120;

// From after the opening quote; leaves `text` after the closing one.
std::optional<std::string> quoted_value(std::string_view& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (c == '\\' && i + 1 < text.size()) {
      c = text[++i];
      if (c == 'n') c = '\n';
    }
    out.push_back(c);
  }
  return std::nullopt;
}

Result<MetricLabels> parse_labels(std::string_view& text) {
  MetricLabels labels;
  for (;;) {
    text = text.substr(std::min(text.find_first_not_of(" ,"), text.size()));
    if (text.starts_with('}')) {
      text.remove_prefix(1);
      return labels;
    }
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return infra_fault("its labels do not end");
    const std::string name(trim(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
    text = text.substr(std::min(text.find_first_not_of(' '), text.size()));
    if (!prometheus::CheckLabelName(name) || name.size() > kLongestValue) return infra_fault("no name of a label");
    if (!text.starts_with('"')) return infra_fault("a label's value without quotes");
    text.remove_prefix(1);
    const auto value = quoted_value(text);
    if (!value) return infra_fault("a label's value does not end");
    if (labels.size() == kMostLabels) return infra_fault("too many labels");
    std::string shown = printable(*value);
    if (shown.size() > kLongestValue) return infra_fault("a label's value is too long");
    labels.push_back({name, std::move(shown)});
  }
}

}  // namespace

std::optional<double> exposition_number(std::string_view text) {
  if (text == "+Inf" || text == "Inf") return std::numeric_limits<double>::infinity();
  if (text == "-Inf") return -std::numeric_limits<double>::infinity();
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

Result<ExpositionLine> parse_exposition_line(std::string_view text) {
  ExpositionLine out;
  const auto end_of_name = text.find_first_of("{ \t");
  if (end_of_name == std::string_view::npos) return infra_fault("no value");
  out.name = text.substr(0, end_of_name);
  text.remove_prefix(end_of_name);
  text = trim(text);
  if (text.starts_with('{')) {
    text.remove_prefix(1);
    out.labels = TRY(parse_labels(text));
    std::sort(out.labels.begin(), out.labels.end());
  }
  const auto words = split_words(text);
  if (words.empty() || words.size() > 2) return infra_fault("no value, or more than a value and a time");
  const auto value = exposition_number(words[0]);
  if (!value) return infra_fault("a value that is no number");
  out.value = *value;
  return out;
}

}  // namespace aios
