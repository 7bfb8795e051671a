// SPDX-License-Identifier: Apache-2.0
#include "harness/store/hash_cache.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <ctime>

#include "harness/support/hash.h"

namespace aios {
namespace {

// A file that was written a moment ago may be written again within the same tick of its time stamp.
constexpr std::time_t kSettled = 2;

}  // namespace

Result<std::string> cached_file_hash(const Store& store, const fs::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) {
    Error error = system_error("cannot read file", file.string(), errno);
    error.kind = ErrorKind::config;
    return error;
  }
  std::error_code code;
  const fs::path place = store.cache() / "hashes" / sha256(fs::absolute(file, code).string()).substr(0, 32);
  const std::string key = fmt::format("{} {} {}.{:09} {}.{:09} ", info.st_ino, info.st_size, info.st_mtim.tv_sec,
                                      info.st_mtim.tv_nsec, info.st_ctim.tv_sec, info.st_ctim.tv_nsec);
  const auto known = read_file(place, 4096);
  if (known.ok() && known->size() == key.size() + 64 && known->starts_with(key)) {
    std::string hash = known->substr(key.size());
    if (is_content_hash(hash)) return hash;
  }
  std::string hash = TRY(sha256_file(file));
  // Remembering is a convenience: without it the next run takes longer.
  if (std::time(nullptr) - info.st_mtim.tv_sec > kSettled && make_folders(place.parent_path()).ok()) {
    [[maybe_unused]] const Status remembered = write_file_atomic(place, key + hash);
  }
  return hash;
}

}  // namespace aios
