// SPDX-License-Identifier: Apache-2.0
// What machines keep from boot to boot of one run, by name: a board stays locked until the run is over. The last one
// that goes gives everything back.
#pragma once

#include <map>
#include <memory>
#include <string>

namespace aios {

struct Holds {
  std::map<std::string, std::shared_ptr<void>> kept;
};

}  // namespace aios
