// SPDX-License-Identifier: Apache-2.0
// The lines of the scenario; main.cpp lists them and says what they share.
#pragma once

#include "scenarios/lines.h"

namespace aios::fuzz {

using lines::Outcome;

Outcome refused_cleanly();  // failures.cpp

}  // namespace aios::fuzz
