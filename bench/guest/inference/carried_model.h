// SPDX-License-Identifier: Apache-2.0
// The model that the build wrote, as part of the program: so that the program is all that a machine needs to be given.
#pragma once

#include <string>

namespace aios::inference {

bool write_carried_model(const std::string& file, std::string& error);

}  // namespace aios::inference
