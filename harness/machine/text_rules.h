// SPDX-License-Identifier: Apache-2.0
// What known programs say, as a table: firmware chatter that is no sign of life of the kernel, a loader's refusal, a
// kernel that does not like its processor, Linux's last words. One place to add a line when a new one bites.
#pragma once

#include <string_view>

namespace aios {

enum class LineMeaning {
  plain,
  firmware,        // not the guest's own
  loader_refusal,  // the loader gives up, or tries the next thing
  wrong_cpu,
  panic,
  oops,
  warning,  // worth counting, not an end
};

// `linux_rules`: also Linux's panic and oops texts. Loader and processor texts are known for every kernel.
LineMeaning meaning_of(std::string_view line, bool linux_rules);

// What QEMU says on its error stream before the guest runs, in words that help: empty if it is none of the known ones.
std::string_view refusal_hint(std::string_view emulator_words);

}  // namespace aios
