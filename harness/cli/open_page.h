// SPDX-License-Identifier: Apache-2.0
// Shows a page in the browser of whoever runs the command.
#pragma once

#include <string>

namespace aios {

// Does not wait for the browser, which outlives the command. Returns what to tell: which program opens the page, or
// that there is none and where the page lies.
std::string open_page(const std::string& file);

}  // namespace aios
