// SPDX-License-Identifier: Apache-2.0
// Which module files a guest needs, and in which order they are loaded: the wanted ones, each behind what it depends
// on. Read from the modules themselves (their .modinfo section), so that a kernel that was only unpacked, without
// depmod's tables, will do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/support/files.h"

namespace aios {

struct GuestModule {
  std::string name;        // with _ for -
  std::string guest_path;  // "/lib/modules/6.1.0/kernel/fs/overlayfs/overlay.ko"
  std::string content;     // uncompressed, since aios-init has no decompressor
};

// `root` holds lib/modules/VERSION (one version). What is built into the kernel needs no file and is left out; a name
// that is neither is a config error with a suggestion.
Result<std::vector<GuestModule>> collect_modules(const fs::path& root, const std::vector<std::string>& wanted);

// The values of one key ("depends", "name") in an ELF module's .modinfo.
Result<std::vector<std::string>> module_info(std::string_view elf, std::string_view key);

}  // namespace aios
