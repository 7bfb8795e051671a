// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/kernel_words.h"

#include <algorithm>

#include "harness/machine/machines.h"

namespace aios {

std::vector<std::string> kernel_words(const BootSpec& spec) {
  std::vector<std::string> words;
  if (spec.linux_guest || !spec.initrd.empty()) {
    const auto& own = spec.command_line;
    for (auto& word : machine_kernel_words(spec.machine)) {
      if (std::find(own.begin(), own.end(), word) == own.end()) words.push_back(std::move(word));
    }
  }
  words.insert(words.end(), spec.command_line.begin(), spec.command_line.end());
  return words;
}

}  // namespace aios
