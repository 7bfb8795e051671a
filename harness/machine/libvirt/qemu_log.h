// SPDX-License-Identifier: Apache-2.0
// QEMU's own log of a domain: it dumps the registers at every reset of the processor, and says "Triple fault".
#pragma once

#include <string>
#include <string_view>

namespace aios::libvirt {

// Without the dumps.
std::string words_in_log(std::string_view log);

}  // namespace aios::libvirt
