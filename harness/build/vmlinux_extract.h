// SPDX-License-Identifier: Apache-2.0
// The ELF file inside a bzImage: with a PVH note it boots without the decompressor, so that a distribution's kernel can
// be measured through the same loader as our own.
#pragma once

#include <string>
#include <string_view>

#include "harness/support/result.h"

namespace aios {

bool is_bzimage(std::string_view image);

// A config error if there is none (no bzImage, an unknown compression, damaged).
Result<std::string> extract_vmlinux(std::string_view bzimage);

}  // namespace aios
