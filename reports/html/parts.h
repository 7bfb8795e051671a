// SPDX-License-Identifier: Apache-2.0
// Pieces that several sections of the page share: figures with their unit, chips, wide tables, small charts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/html/markup.h"
#include "reports/text_table.h"

namespace aios {

// "12,950 instr": the number strong, the unit small.
void figure(Html& html, std::string_view value);
// A word in the colour of its tone, with a mark in front so that the colour is never the only sign.
void chip(Html& html, std::string_view word, Tone tone);
// A dotted name that may break at its dots.
void metric_name(Html& html, std::string_view name);

struct Head {
  std::string title;
  bool number = false;
};
// Opens a table that scrolls by itself where the screen is too narrow; two close() later it is done: see end_table.
void begin_table(Html& html, std::string_view caption, const std::vector<Head>& heads);
void end_table(Html& html);
void group_row(Html& html, std::string_view title, std::size_t columns);  // names the rows that follow
void number_cell(Html& html, std::string_view value);                     // a figure in a cell, right-aligned
void text_cell(Html& html, std::string_view text);
void term(Html& html, std::string_view name, std::string_view value);  // dt and dd; nothing for an empty value

// The place of a chart that the page's script draws (page/charts.js), hidden until then: `kind` is what is drawn, `of`
// what it is drawn of, `caption` says in words what it shows.
void chart_place(Html& html, std::string_view kind, std::string_view of, std::string_view caption);

}  // namespace aios
