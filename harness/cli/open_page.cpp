// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/open_page.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool can_run(const std::string& program) {
  if (program.find('/') != std::string::npos) return ::access(program.c_str(), X_OK) == 0;
  for (const std::string& folder : split(variable("PATH"), ':')) {
    if (!folder.empty() && ::access((fs::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

// $BROWSER is a list with colons; xdg-open needs a screen to show something on.
std::string browser() {
  for (const std::string& program : split(variable("BROWSER"), ':')) {
    if (!program.empty() && can_run(program)) return program;
  }
  const bool screen = !variable("DISPLAY").empty() || !variable("WAYLAND_DISPLAY").empty();
  return screen && can_run("xdg-open") ? "xdg-open" : "";
}

}  // namespace

std::string open_page(const std::string& file) {
  std::error_code ignored;
  const std::string page = fs::absolute(file, ignored).string();
  const std::string program = browser();
  if (program.empty()) return fmt::format("there is no browser here ($BROWSER, xdg-open); the page is {}", page);
  // In a session of its own, so that it does not end with this command; it writes to nobody.
  auto opened = Child::spawn({.argv = {"setsid", "--fork", program, page}});
  if (!opened.ok() || !opened->wait().success()) return fmt::format("{} did not start; the page is {}", program, page);
  return fmt::format("{} opens {}", program, page);
}

}  // namespace aios
