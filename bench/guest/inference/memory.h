// SPDX-License-Identifier: Apache-2.0
// What /proc says of memory.
#pragma once

namespace aios::inference {

// Bytes that can be had without swapping; -1 where it is not told.
long long available_memory();
// Bytes of this process that stand in huge pages; -1 where it is not told.
long long huge_page_memory();

}  // namespace aios::inference
