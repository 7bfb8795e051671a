// SPDX-License-Identifier: Apache-2.0
// The seal of a bundle: the hash of every file in it, in the format of sha256sum (so that `sha256sum -c seal` checks it
// too), under a first line that hashes the list itself and so names the whole.
#pragma once

#include <string>

#include "harness/support/files.h"

namespace aios {

inline constexpr const char* kSealFile = "seal";

// Syncs and hashes every file, then writes the seal. Returns the seal's hash.
Result<std::string> write_seal(const fs::path& folder);
// The hash in the seal's first line; empty where there is no seal.
std::string seal_hash(const fs::path& folder);
// An infra_fault naming the first file that is missing, changed or was not there when it was sealed; a config error
// where there is no seal.
Status verify_seal(const fs::path& folder);

}  // namespace aios
