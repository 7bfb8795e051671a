// SPDX-License-Identifier: Apache-2.0
// Who may read: lines `USER:PASSWORD` in a file that nobody but its owner can read. Passwords never stand on a command
// line, where every user of the machine sees them.
#pragma once

#include <string>
#include <vector>

#include "harness/support/files.h"

namespace aios {

struct User {
  std::string name, password;
};

// At least one; empty lines and those that begin with '#' are left out. A file that others can read is refused.
Result<std::vector<User>> read_user_list(const fs::path& file);

// Takes as long whether it is right or wrong.
bool may_enter(const std::vector<User>& users, const std::string& name, const std::string& password);

}  // namespace aios
