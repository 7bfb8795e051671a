// SPDX-License-Identifier: Apache-2.0
#include "reports/html/parts.h"

#include <fmt/format.h>

#include "harness/support/text.h"

namespace aios {
namespace {

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

void chart_place(Html& html, std::string_view kind, std::string_view of, std::string_view caption) {
  html.open("figure",
            {{"class", "chart"}, {"data-chart", std::string(kind)}, {"data-of", std::string(of)}, {"hidden", ""}});
  html.element("div", "", {{"class", "plot"}, {"role", "img"}, {"aria-label", std::string(caption)}});
  html.element("figcaption", caption).close();
}

}  // namespace aios
