// SPDX-License-Identifier: Apache-2.0
// HTML that is safe by construction: every text and every attribute's value is escaped on its way in, control
// characters become visible, and what is opened is closed. There is no way to add markup as text. Tags and attribute
// names come from the source, never from data.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

struct Attribute {
  std::string_view name;
  std::string value;
};
using Attributes = std::initializer_list<Attribute>;

class Html {
 public:
  Html& open(std::string_view tag, Attributes attributes = {});
  Html& close();  // the innermost
  Html& text(std::string_view text);
  Html& newline();
  Html& element(std::string_view tag, std::string_view text, Attributes attributes = {});
  Html& empty(std::string_view tag, Attributes attributes = {});  // what has no content: an SVG shape, <wbr/>
  Html& add(const Html& other);
  const std::string& str() const { return out_; }
  bool blank() const { return out_.empty(); }

 private:
  void begin(std::string_view tag, Attributes attributes);
  std::string out_;
  std::vector<std::string> open_;
};

// Escaped for text and attribute values, harmless: what Html uses.
std::string html_text(std::string_view text);

}  // namespace aios
