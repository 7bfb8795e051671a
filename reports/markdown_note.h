// SPDX-License-Identifier: Apache-2.0
// A note for a pull request as it fits into one comment: GitHub refuses a body of more than 65,536 characters. What
// stands in sight comes first; the folds share the room that is left, and one that is longer than its share loses its
// last lines and says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

inline constexpr std::size_t kMostMarkdown = 60'000;  // bytes, which are never fewer than characters

class MarkdownNote {
 public:
  explicit MarkdownNote(std::size_t most = kMostMarkdown) : most_(most) {}
  // In sight; already harmless.
  void text(std::string_view markdown) { sight_ += markdown; }
  // Nothing for an empty body. The title is harmless text, the body lines of Markdown.
  void fold(std::string_view title, std::string body);
  std::string str() const;

 private:
  struct Fold {
    std::string head, body;
  };
  std::size_t most_;
  std::string sight_;
  std::vector<Fold> folds_;
};

}  // namespace aios
