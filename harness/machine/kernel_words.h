// SPDX-License-Identifier: Apache-2.0
// The whole command line of the kernel: for a Linux the machine's words in front of its own, each once.
#pragma once

#include <string>
#include <vector>

#include "harness/machine/boot_spec.h"

namespace aios {

std::vector<std::string> kernel_words(const BootSpec& spec);

}  // namespace aios
