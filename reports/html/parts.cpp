// SPDX-License-Identifier: Apache-2.0
#include "reports/html/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kBins = 30;
constexpr int kBinWidth = 4;
constexpr int kChartHeight = 20;

struct ToneLook {
  const char* name;
  const char* mark;
};

ToneLook look_of(Tone tone) {
  switch (tone) {
    case Tone::good:
      return {"good", "\xe2\x9c\x93"};
    case Tone::bad:
      return {"bad", "\xe2\x9c\x97"};
    case Tone::warn:
      return {"warn", "?"};
    default:
      return {"dim", "\xe2\x80\x93"};
  }
}

}  // namespace

void figure(Html& html, std::string_view value) {
  const auto blank = value.rfind(' ');
  html.open("span", {{"class", "fig"}}).element("b", value.substr(0, blank));
  if (blank != std::string_view::npos) html.text(" ").element("small", value.substr(blank + 1));
  html.close();
}

void chip(Html& html, std::string_view word, Tone tone) {
  const ToneLook look = look_of(tone);
  html.open("span", {{"class", fmt::format("chip {}", look.name)}});
  html.element("span", look.mark, {{"aria-hidden", "true"}}).text(" ").text(word).close();
}

void metric_name(Html& html, std::string_view name) {
  html.open("code");
  const auto parts = split(name, '.');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) html.text(".").empty("wbr");
    html.text(parts[i]);
  }
  html.close();
}

void begin_table(Html& html, std::string_view caption, const std::vector<Head>& heads) {
  html.open("div", {{"class", "scroll"}, {"role", "region"}, {"aria-label", std::string(caption)}, {"tabindex", "0"}});
  html.open("table").element("caption", caption).open("thead").open("tr");
  for (const Head& head : heads)
    html.element("th", head.title, {{"scope", "col"}, {"class", head.number ? "num" : "txt"}});
  html.close().close().open("tbody");
}

void end_table(Html& html) { html.close().close().close(); }

void group_row(Html& html, std::string_view title, std::size_t columns) {
  html.open("tr", {{"class", "group"}});
  html.element("th", title, {{"scope", "colgroup"}, {"colspan", fmt::format("{}", columns)}}).close();
}

void number_cell(Html& html, std::string_view value) {
  html.open("td", {{"class", "num"}});
  if (!value.empty()) figure(html, value);
  html.close();
}

void text_cell(Html& html, std::string_view text) { html.element("td", text); }

void term(Html& html, std::string_view name, std::string_view value) {
  if (!value.empty()) html.open("div").element("dt", name).element("dd", value).close();
}

Html distribution_chart(const Sample& sample) {
  Html html;
  if (sample.values.empty()) return html;
  const auto [low, high] =
      std::minmax_element(sample.values.begin(), sample.values.end(),
                          [](const RunLength& a, const RunLength& b) { return a.value < b.value; });
  const double least = low->value;
  const double span = high->value - least;
  if (!(span > 0) || !std::isfinite(span)) return html;

  std::array<double, kBins> bins{};
  double total = 0;
  for (const RunLength& run : sample.values) {
    const auto times = static_cast<double>(std::max<std::int64_t>(run.times, 0));
    const auto bin = static_cast<std::size_t>((run.value - least) / span * (kBins - 1));
    bins[std::min<std::size_t>(bin, kBins - 1)] += times;
    total += times;
  }
  // Logarithmic, so that one slow iteration among thousands is seen.
  const double highest = std::log1p(*std::max_element(bins.begin(), bins.end()));
  const std::string label =
      fmt::format("{} iterations from {} to {}; heights are logarithmic", group_digits(static_cast<long long>(total)),
                  format_value(least, sample.unit), format_value(high->value, sample.unit));
  html.open("svg", {{"class", "dist"},
                    {"viewBox", fmt::format("0 0 {} {}", kBins * kBinWidth, kChartHeight)},
                    {"role", "img"},
                    {"aria-label", label}});
  html.element("title", label);
  for (std::size_t i = 0; i < bins.size(); ++i) {
    if (bins[i] <= 0) continue;
    const double height = std::max(1.5, std::log1p(bins[i]) / highest * kChartHeight);
    html.empty("rect", {{"x", fmt::format("{}", i * kBinWidth)},
                        {"y", fmt::format("{:.1f}", kChartHeight - height)},
                        {"width", fmt::format("{}", kBinWidth - 1)},
                        {"height", fmt::format("{:.1f}", height)}});
  }
  html.close();
  return html;
}

Html bar_chart(double part_of_whole) {
  Html html;
  html.open("svg",
            {{"class", "share"}, {"viewBox", "0 0 100 8"}, {"preserveAspectRatio", "none"}, {"aria-hidden", "true"}});
  html.empty("rect", {{"width", fmt::format("{:.2f}", std::clamp(part_of_whole, 0.0, 1.0) * 100)}, {"height", "8"}});
  html.close();
  return html;
}

}  // namespace aios
