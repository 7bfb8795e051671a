// SPDX-License-Identifier: Apache-2.0
// Conditions under which a machine of metal measures: set by writing to the kernel's own files, read back, and told.
// Nothing has to be put back: the kernel that they are set in ends with the boot.
#pragma once

namespace aios::init {

// Writes `value` to all files that `patterns` (ended by a null) match, and tells what stands there afterwards.
void set_condition(const char* name, const char* value, const char* const* patterns);
// Tells how often the processors were held back for their temperature or power since they started.
void tell_throttling();

}  // namespace aios::init
