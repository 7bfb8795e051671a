// SPDX-License-Identifier: Apache-2.0
#include "reports/template.h"

namespace aios {

std::string fill_template(std::string_view text, const std::map<std::string, std::string, std::less<>>& values) {
  std::string out;
  while (true) {
    const auto begin = text.find("{{");
    const auto end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) return out.append(text);
    out += text.substr(0, begin);
    if (const auto found = values.find(text.substr(begin + 2, end - begin - 2)); found != values.end())
      out += found->second;
    text.remove_prefix(end + 2);
  }
}

}  // namespace aios
