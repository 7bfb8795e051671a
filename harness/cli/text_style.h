// SPDX-License-Identifier: Apache-2.0
// How text goes to this standard output: colour, width and Unicode as the terminal has them.
#pragma once

#include "harness/cli/context.h"
#include "reports/text_table.h"

namespace aios {

TextStyle text_style(const Context& context);

}  // namespace aios
