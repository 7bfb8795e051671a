// SPDX-License-Identifier: Apache-2.0
// A series as people have it: one value a line, or columns with a comma, semicolon or tab between them, with or without
// a line of names. What is missing (nan, NA, nothing) keeps its place and is left out of the judging.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/result.h"

namespace aios {

struct SeriesText {
  std::vector<double> values;          // those that are there
  std::vector<std::size_t> positions;  // of each value: its place in the file, counted from 0, missing ones too
  std::vector<std::string> times;      // of each value; empty: there is no such column
  std::size_t missing = 0;
  std::vector<std::string> warnings;
};

// `column`: a name of the first line or a number from 1; empty: "value", or the last one.
Result<SeriesText> parse_series(std::string_view text, const std::string& column, const std::string& where);
// One series in one line: numbers with commas, semicolons, tabs or blanks between them.
SeriesText parse_series_row(std::string_view line);

}  // namespace aios
