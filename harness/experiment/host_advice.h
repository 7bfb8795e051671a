// SPDX-License-Identifier: Apache-2.0
// What to switch off on a host before timing on it, and how. Only read and said: what belongs to the host is not
// changed here, so a gain is measured by calibrating before and after (calibrate_learn.h, host_gains).
#pragma once

#include <string>
#include <vector>

#include "harness/machine/host/conditions.h"

namespace aios {

std::vector<std::string> host_advice(const host::Conditions& conditions);

}  // namespace aios
