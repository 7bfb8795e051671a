// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "harness/machine/board/board_machine.h"
#include "harness/support/text.h"

namespace aios::board {

std::vector<std::string> board_kernel_words(const BootSpec& spec) {
  std::vector<std::string> words = spec.machine.board_settings->kernel_words;
  if (words.empty() && (spec.linux_guest || !spec.initrd.empty())) words = {"console=ttyS0,115200", "panic=-1"};
  if (const auto isolated = spec.machine.board_settings->conditions.find("isolated");
      isolated != spec.machine.board_settings->conditions.end()) {
    words.push_back("isolcpus=" + isolated->second);
  }
  words.insert(words.end(), spec.command_line.begin(), spec.command_line.end());
  return words;
}

Result<std::string> ipxe_script(const BootSpec& spec, const std::string& server) {
  const std::vector<std::string> words = board_kernel_words(spec);
  for (const std::string& word : words) {
    // iPXE has a language of its own.
    if (word.find_first_of("$\"'\\\n\t#|& ") == std::string::npos) continue;
    return config_error(
        fmt::format("the word '{}' of the kernel's command line cannot go through iPXE", printable(word)), spec.label,
        "leave out blanks, quotes and $");
  }
  std::string out = "#!ipxe\n";
  out += fmt::format("kernel {}/kernel {}{} || goto failed\n", server, spec.initrd.empty() ? "" : "initrd=initrd ",
                     join(words, " "));
  if (!spec.initrd.empty()) out += fmt::format("initrd {}/initrd || goto failed\n", server);
  out += "boot || goto failed\n:failed\necho aios-bench: the kernel did not get here\nsleep 3\nexit 1\n";
  return out;
}

}  // namespace aios::board
