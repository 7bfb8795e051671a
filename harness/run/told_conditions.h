// SPDX-License-Identifier: Apache-2.0
// What PID 1 told of the conditions that it was ordered to set, and whether the processor was held back while the work
// ran: clocked down for its temperature or its power. Figures of such a boot are void.
#pragma once

#include "harness/guest/message.h"
#include "harness/run/boot_attempt.h"

namespace aios {

// Notes what was set. An infra_fault where the processor was throttled between the looks.
Status read_conditions_told(const std::vector<Message>& messages, BootAttempt& attempt);

}  // namespace aios
