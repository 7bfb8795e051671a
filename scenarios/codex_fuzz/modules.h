// SPDX-License-Identifier: Apache-2.0
// Modules removed and loaded again from where the harness puts them.
#pragma once

#include "scenarios/codex_fuzz/targets.h"

namespace aios::fuzz {

bool can_be_loaded(const Target& target);  // its file is in the guest
bool is_loaded(const Target& target);
bool load(const Target& target);     // errno; with the fuzzer's parameters
bool unload(const Target& target);   // errno; never waits
bool is_idle(const Target& target);  // by its file in /proc
long long available_kb();

}  // namespace aios::fuzz
