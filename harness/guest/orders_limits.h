// SPDX-License-Identifier: Apache-2.0
// How long orders may be: shared by the host that writes them and PID 1 that reads them into buffers of these sizes.
#pragma once

#include <cstddef>

namespace aios::wire {

inline constexpr std::size_t kMaxOrders = 65536;
inline constexpr std::size_t kMaxOrderLine = 4096;
inline constexpr std::size_t kMaxOrderWords = 64;

}  // namespace aios::wire
