// SPDX-License-Identifier: Apache-2.0
#include "reports/html/markup.h"

#include "harness/support/text.h"

namespace aios {

std::string html_text(std::string_view text) { return html_escape(printable(text)); }

void Html::begin(std::string_view tag, Attributes attributes) {
  out_.append("<").append(tag);
  for (const Attribute& attribute : attributes) {
    out_.append(" ").append(attribute.name).append("=\"").append(html_text(attribute.value)).append("\"");
  }
}

Html& Html::open(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out_ += ">";
  open_.emplace_back(tag);
  return *this;
}

Html& Html::close() {
  const std::string tag = open_.back();
  open_.pop_back();
  out_.append("</").append(tag).append(">");
  if (tag != "span" && tag != "td" && tag != "th" && tag != "b" && tag != "code" && tag != "small") out_ += "\n";
  return *this;
}

Html& Html::text(std::string_view text) {
  out_ += html_text(text);
  return *this;
}

Html& Html::newline() {
  out_ += "\n";
  return *this;
}

Html& Html::element(std::string_view tag, std::string_view text, Attributes attributes) {
  open(tag, attributes);
  this->text(text);
  return close();
}

Html& Html::empty(std::string_view tag, Attributes attributes) {
  begin(tag, attributes);
  out_ += "/>";
  return *this;
}

Html& Html::add(const Html& other) {
  out_ += other.out_;
  return *this;
}

}  // namespace aios
