// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/text_style.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace aios {
namespace {

bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string_view text(value);
    return text.find("UTF-8") != std::string_view::npos || text.find("utf8") != std::string_view::npos;
  }
  return false;
}

}  // namespace

TextStyle text_style(const Context& context) {
  TextStyle style;
  style.colour = context.colour;
  style.unicode = speaks_utf8();
  winsize size{};
  if (isatty(fileno(context.out)) == 0) style.width = 200;  // a log has no edge
  if (ioctl(fileno(context.out), TIOCGWINSZ, &size) == 0 && size.ws_col > 40) style.width = size.ws_col;
  return style;
}

}  // namespace aios
