// SPDX-License-Identifier: Apache-2.0
// Reads /aios/orders (harness/guest/orders.h says what stands in it) and follows it, line by line. A line that makes no
// sense is reported and skipped: what can be done is done.
#pragma once

#include "images/init/ending.h"

namespace aios::init {

// False: there are no orders. Otherwise all were followed, and `ending` is how they want the machine to end.
bool follow_orders(const char* path, Ending& ending);

// The first call of each: the mark alone, and the mark and the frames that say so.
void mark_ready();
void announce_ready();

}  // namespace aios::init
