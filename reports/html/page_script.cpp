// SPDX-License-Identifier: Apache-2.0
#include "reports/html/page_script.h"

#include <fmt/format.h>

#include "reports/html/markup.h"
#include "reports/template.h"

namespace aios {

std::string page_script(std::initializer_list<std::string_view> files) {
  std::string out = "(() => {\n\"use strict\";\n";
  for (const std::string_view file : files) out += report_template(file);
  return out + "})();\n";
}

std::string script_beside(std::string_view address) {
  return fmt::format("<script src=\"{}\"></script>", html_text(address));
}

std::string for_script(std::string_view json) {
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    // U+2028 and U+2029 end a line of a script.
    const std::string_view three = json.substr(i, 3);
    if (json[i] == '<') {
      out += "\\u003c";
    } else if (json[i] == '>') {
      out += "\\u003e";
    } else if (json[i] == '&') {
      out += "\\u0026";
    } else if (three == "\xe2\x80\xa8" || three == "\xe2\x80\xa9") {
      out += three.back() == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += json[i];
    }
  }
  return out;
}

}  // namespace aios
