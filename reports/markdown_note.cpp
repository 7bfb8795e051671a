// SPDX-License-Identifier: Apache-2.0
#include "reports/markdown_note.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace aios {
namespace {

constexpr std::size_t kRemark = 160;  // that something was cut
constexpr std::string_view kFoldEnd = "\n</details>\n\n";

// Whole lines only: half a row of a table is no row.
std::string_view whole_lines(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  const auto end = most == 0 ? std::string_view::npos : text.rfind('\n', most - 1);
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end + 1);
}

// Each its share of the room; what a short one does not need goes to the longer ones.
std::vector<std::size_t> shares(const std::vector<std::size_t>& sizes, std::size_t room) {
  std::vector<std::size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return sizes[a] < sizes[b]; });
  std::vector<std::size_t> out(sizes.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    out[order[i]] = std::min(sizes[order[i]], room / (order.size() - i));
    room -= out[order[i]];
  }
  return out;
}

}  // namespace

void MarkdownNote::fold(std::string_view title, std::string body) {
  if (body.empty()) return;
  folds_.push_back({fmt::format("<details><summary>{}</summary>\n\n", title), std::move(body)});
}

std::string MarkdownNote::str() const {
  std::string out(whole_lines(sight_, most_ - kRemark));
  if (out.size() < sight_.size()) out += "\n(cut: a comment holds no more)\n\n";
  std::size_t taken = out.size();
  std::vector<std::size_t> sizes;
  for (const Fold& fold : folds_) {
    taken += fold.head.size() + kFoldEnd.size() + kRemark;
    sizes.push_back(fold.body.size());
  }
  if (taken > most_) return out;
  const std::vector<std::size_t> room = shares(sizes, most_ - taken);
  for (std::size_t i = 0; i < folds_.size(); ++i) {
    const std::string& body = folds_[i].body;
    const std::string_view shown = whole_lines(body, room[i]);
    out += folds_[i].head;
    out += shown;
    if (shown.size() < body.size()) {
      const auto lines = std::count(body.begin() + static_cast<std::ptrdiff_t>(shown.size()), body.end(), '\n');
      out += fmt::format("\n({} more lines: a comment holds no more, the report as a page has them)\n", lines);
    }
    out += kFoldEnd;
  }
  return out;
}

}  // namespace aios
