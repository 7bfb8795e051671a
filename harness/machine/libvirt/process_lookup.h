// SPDX-License-Identifier: Apache-2.0
// The QEMU of a domain of this host, which is nobody's child that we could ask: found by a word of its command line.
#pragma once

#include <string_view>

#include "harness/support/clock.h"

namespace aios::libvirt {

// -1: there is none, or it cannot be seen.
int find_process(std::string_view word);
// How long the thread of it that waited longest was ready to run and had no processor.
Duration time_without_processor(int process);

}  // namespace aios::libvirt
