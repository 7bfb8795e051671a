// SPDX-License-Identifier: Apache-2.0
// The hash of a large file, computed once and remembered under its path, size, time and inode: as long as those stay,
// its content is taken as unchanged.
#pragma once

#include <string>

#include "harness/store/store.h"

namespace aios {

Result<std::string> cached_file_hash(const Store& store, const fs::path& file);

}  // namespace aios
