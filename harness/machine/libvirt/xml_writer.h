// SPDX-License-Identifier: Apache-2.0
// Writes XML that is well-formed whatever the texts are: elements nest by scope, values are escaped, and what XML
// cannot hold at all (control characters) is left out.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace aios::libvirt {

class XmlWriter {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

  // Attributes with an empty value are left out.
  void leaf(std::string_view name, Attributes attributes = {}, std::string_view text = {}) {
    out_.append(depth_, ' ');
    start(name, attributes);
    if (text.empty()) {
      out_ += "/>\n";
      return;
    }
    out_ += '>';
    escape(text);
    close(name);
  }
  template <typename Inside>
  void element(std::string_view name, Attributes attributes, const Inside& inside) {
    out_.append(depth_, ' ');
    start(name, attributes);
    out_ += ">\n";
    depth_ += 2;
    inside();
    depth_ -= 2;
    out_.append(depth_, ' ');
    close(name);
  }
  std::string take() { return std::move(out_); }

 private:
  void start(std::string_view name, Attributes attributes) {
    out_ += '<';
    out_ += name;
    for (const auto& [key, value] : attributes) {
      if (value.empty()) continue;
      out_ += ' ';
      out_ += key;
      out_ += "='";
      escape(value);
      out_ += '\'';
    }
  }
  void close(std::string_view name) {
    out_ += "</";
    out_ += name;
    out_ += ">\n";
  }
  void escape(std::string_view text) {
    for (const char c : text) {
      switch (c) {
        case '&':
          out_ += "&amp;";
          break;
        case '<':
          out_ += "&lt;";
          break;
        case '>':
          out_ += "&gt;";
          break;
        case '\'':
          out_ += "&apos;";
          break;
        case '"':
          out_ += "&quot;";
          break;
        default:
          if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out_ += c;
      }
    }
  }

  std::string out_;
  std::size_t depth_ = 0;
};

}  // namespace aios::libvirt
