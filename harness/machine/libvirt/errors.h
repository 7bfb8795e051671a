// SPDX-License-Identifier: Apache-2.0
// What libvirt says went wrong, as an Error with the right one to blame: the machine's file, or the lab.
#pragma once

#include <string>

#include "harness/support/result.h"

namespace aios::libvirt {

// Of this thread's last call.
Error last_error(std::string what, std::string where);
std::string last_message();
// libvirt's number of it (VIR_ERR_...), 0: none.
int last_code();
// The other side of the connection has gone.
bool is_lost(int code);

}  // namespace aios::libvirt
