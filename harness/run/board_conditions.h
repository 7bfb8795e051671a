// SPDX-License-Identifier: Apache-2.0
// The conditions that a machine file asks of a board ("governor" = "performance"), as orders for its PID 1.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/guest/orders.h"

namespace aios {

// "isolated" is none of them: the kernel is told on its command line.
std::vector<ConditionOrder> condition_orders(const std::map<std::string, std::string>& conditions);

}  // namespace aios
