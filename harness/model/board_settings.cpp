// SPDX-License-Identifier: Apache-2.0
#include "harness/model/machine_settings.h"

namespace aios {

std::map<std::string, std::string> board_settings_words(const BoardSettings& /*settings*/) { return {}; }

}  // namespace aios
