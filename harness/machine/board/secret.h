// SPDX-License-Identifier: Apache-2.0
// Where a password comes from: "env:NAME" or "file:PATH". What is read here goes to the library that logs in, and
// nowhere else: not into a message, a log or a bundle.
#pragma once

#include <string>
#include <string_view>

#include "harness/support/result.h"

namespace aios::board {

Result<std::string> read_secret(std::string_view source);

}  // namespace aios::board
