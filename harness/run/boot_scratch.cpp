// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_scratch.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ctime>

namespace aios {
namespace {

constexpr const char* kPrefix = "aios-bench-boot";
constexpr const char* kLock = "lock";

// One of ours, and made long enough ago that its maker has locked it.
bool is_old_scratch(const fs::path& path, std::chrono::seconds settled) {
  struct stat info {};
  if (!path.filename().string().starts_with(kPrefix) || ::lstat(path.c_str(), &info) != 0) return false;
  return S_ISDIR(info.st_mode) && info.st_uid == ::getuid() && std::time(nullptr) - info.st_mtime >= settled.count();
}

}  // namespace

Result<BootScratch> BootScratch::create() {
  ScratchFolder folder = TRY(ScratchFolder::create(kPrefix));
  FileLock lock = TRY(FileLock::acquire(folder.path() / kLock));
  return BootScratch(std::move(folder), std::move(lock));
}

void sweep_boot_scratch(const fs::path& where, std::chrono::seconds settled) {
  std::error_code code;
  for (fs::directory_iterator it(where, code), end; !code && it != end; it.increment(code)) {
    const fs::path& path = it->path();
    if (!is_old_scratch(path, settled)) continue;
    // Held until the folder is gone, so that two sweepers do not meet.
    const auto lock = FileLock::try_acquire(path / kLock);
    std::error_code ignored;
    if (lock.ok() && lock->has_value()) fs::remove_all(path, ignored);
  }
}

}  // namespace aios
