// SPDX-License-Identifier: Apache-2.0
// A table as text for a terminal or a log: columns aligned by display width, numbers to the right, colour only where
// the caller says so and never as the only sign. Every cell is made harmless here (control characters become visible),
// so that a renderer cannot forget it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

struct TextStyle {
  bool colour = false;
  bool unicode = true;
  std::size_t width = 110;  // of the terminal; the widest flexible column gives way
};

enum class Tone { plain, strong, dim, good, bad, warn };

// The text in a tone, harmless.
std::string toned(std::string_view text, Tone tone, const TextStyle& style);

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

struct Column {
  std::string title;
  bool right = false;      // numbers
  bool flexible = false;   // may be cut when the table is too wide
  std::size_t least = 12;  // but not below this
};

class TextTable {
 public:
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void row(std::vector<Cell> cells) { rows_.push_back({std::move(cells), false}); }
  // A line across the table that names what follows.
  void group(std::string title) { rows_.push_back({{{std::move(title), Tone::strong}}, true}); }
  bool empty() const { return rows_.empty(); }
  // Columns that are empty in every row are left out.
  std::string render(const TextStyle& style) const;

 private:
  struct Row {
    std::vector<Cell> cells;
    bool group = false;
  };
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace aios
