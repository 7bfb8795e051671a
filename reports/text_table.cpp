// SPDX-License-Identifier: Apache-2.0
#include "reports/text_table.h"

#include <algorithm>
#include <numeric>

#include "harness/support/text.h"
#include "reports/text_width.h"

namespace aios {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kLongestCell = 400;

const char* escape_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "\x1b[1m";
    case Tone::dim:
      return "\x1b[2m";
    case Tone::good:
      return "\x1b[32m";
    case Tone::bad:
      return "\x1b[1;31m";
    case Tone::warn:
      return "\x1b[33m";
  }
  return "";
}

std::string cell_text(std::string_view text) {
  std::string out = printable(text.substr(0, kLongestCell));
  std::replace(out.begin(), out.end(), '\t', ' ');
  return out;
}

std::string coloured(const std::string& text, Tone tone, const TextStyle& style) {
  if (!style.colour || tone == Tone::plain || text.empty()) return text;
  return escape_of(tone) + text + "\x1b[0m";
}

}  // namespace

std::string toned(std::string_view text, Tone tone, const TextStyle& style) {
  return coloured(cell_text(text), tone, style);
}

std::string TextTable::render(const TextStyle& style) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; !row.group && i < std::min(row.cells.size(), columns_.size()); ++i) {
      widths[i] = std::max(widths[i], display_width(cell_text(row.cells[i].text)));
    }
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (widths[i] > 0) widths[i] = std::max(widths[i], display_width(columns_[i].title));
  }
  const auto total = [&] {
    const auto shown =
        static_cast<std::size_t>(std::count_if(widths.begin(), widths.end(), [](auto w) { return w > 0; }));
    return std::accumulate(widths.begin(), widths.end(), kGap * shown);
  };
  while (total() > style.width) {
    std::size_t widest = columns_.size();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].flexible && widths[i] > columns_[i].least &&
          (widest == columns_.size() || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    if (widest == columns_.size()) break;
    --widths[widest];
  }

  std::string out;
  const auto line = [&](const std::vector<Cell>& cells) {
    std::string text;
    std::size_t owed = 0;  // blanks are written only before something: no line ends in them
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (widths[i] == 0) continue;
      const Cell cell = i < cells.size() ? cells[i] : Cell{};
      const std::string shown = clip(cell_text(cell.text), widths[i], style.unicode);
      const std::size_t padding = widths[i] - std::min(widths[i], display_width(shown));
      if (!shown.empty()) {
        text.append(owed + (columns_[i].right ? padding : 0), ' ');
        text += coloured(shown, cell.tone, style);
        owed = columns_[i].right ? 0 : padding;
      } else {
        owed += padding;
      }
      owed += kGap;
    }
    out += text + "\n";
  };

  std::vector<Cell> titles;
  for (const Column& column : columns_) titles.push_back({column.title, Tone::dim});
  line(titles);
  for (const Row& row : rows_) {
    if (row.group) {
      out += toned(row.cells[0].text, row.cells[0].tone, style) + "\n";
    } else {
      line(row.cells);
    }
  }
  return out;
}

}  // namespace aios
