// SPDX-License-Identifier: Apache-2.0
// Archives: a source tarball or a Debian package, unpacked below a folder, and single compressed streams.
#pragma once

#include <string>
#include <string_view>

#include "harness/build/build_env.h"

namespace aios {

// tar in any compression that libarchive knows. If everything lies below one folder, that folder is taken off. Members
// that would leave the target (absolute, "..") are refused.
Status unpack_tarball(const fs::path& tarball, const fs::path& target, const BuildEnv& env);

// The data part of a .deb: what dpkg would install, below `target`.
Status unpack_debian_package(const fs::path& package, const fs::path& target, const BuildEnv& env);

// gzip, xz, lz4 (also the kernel's legacy frame), zstd, bzip2, lzma: whichever it is. At most `limit` bytes.
Result<std::string> decompress(std::string_view bytes, std::size_t limit);

}  // namespace aios
