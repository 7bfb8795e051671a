// SPDX-License-Identifier: Apache-2.0
#include "harness/run/saved_guests.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <vector>

#include "harness/support/hash.h"

namespace aios {
namespace {

constexpr const char* kState = "state";
constexpr const char* kSeal = "seal";
constexpr const char* kAside = ".new-";
constexpr std::time_t kAbandoned = 3600;  // seconds: longer than any guest takes to come up

// "SIZE CRC": enough for what disks and interrupted writes do. Nobody else writes to the store.
Result<std::string> measure_state(const fs::path& state) {
  const UniqueFd file(::open(state.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat info {};
  if (!file || ::fstat(file.get(), &info) != 0) return system_error("cannot read a saved guest", state.string(), errno);
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) return std::string("0 00000000");
  void* const at = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file.get(), 0);
  if (at == MAP_FAILED) return system_error("cannot read a saved guest", state.string(), errno);
  const std::uint32_t sum = crc32({static_cast<const char*>(at), size});
  ::munmap(at, size);
  return fmt::format("{} {:08x}", size, sum);
}

std::time_t last_change(const fs::path& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mtime : 0;
}

void remove_quietly(const fs::path& path) {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

}  // namespace

Result<bool> SavedGuests::whole(const fs::path& entry) const {
  const auto seal = read_file(entry / kSeal, 256);
  if (!seal.ok()) return false;
  const std::string found = TRY(measure_state(entry / kState));
  if (found != *seal)
    return infra_fault(fmt::format("a saved guest is damaged: {}, not {}", found, *seal), entry.string());
  return true;
}

Result<SavedGuest> SavedGuests::get(const std::string& key, const std::function<Status(const fs::path& out)>& save) {
  {
    const std::lock_guard lock(mutex_);
    if (hopeless_.contains(key)) return infra_fault("a guest like this could not be saved before");
  }
  const fs::path entry = folder() / key;
  SavedGuest out{.state = entry / kState, .fresh = false, .trouble = {}};
  const auto look = [&] {
    const Result<bool> found = whole(entry);
    if (!found.ok()) out.trouble = found.error().what;
    // When it was used last, for whoever makes room.
    if (found.ok() && *found) ::utimensat(AT_FDCWD, (entry / kSeal).c_str(), nullptr, 0);
    return found.ok() && *found;
  };
  if (look()) return out;
  TRY(make_folders(cache_ / "locks"));
  TRY(make_folders(folder()));
  const FileLock lock = TRY(FileLock::acquire(cache_ / "locks" / fmt::format("guest-{}.lock", key)));
  if (look()) return out;  // somebody else saved it meanwhile
  Status added = add(key, save);
  if (!added.ok()) {
    if (added.error().kind != ErrorKind::interrupted) {
      const std::lock_guard guard(mutex_);
      hopeless_.insert(key);
    }
    return std::move(added).error();
  }
  make_room(key);
  out.fresh = true;
  return out;
}

Status SavedGuests::add(const std::string& key, const std::function<Status(const fs::path& out)>& save) {
  // Under the key's lock there is one name, so what a killed process left is ours to remove.
  const fs::path aside = folder() / (kAside + key);
  remove_quietly(aside);
  TRY(make_folders(aside));
  Status written = save(aside / kState);
  if (written.ok()) {
    const Result<std::string> seal = measure_state(aside / kState);
    written = seal.ok() ? write_file_atomic(aside / kSeal, *seal) : Status(seal.error());
  }
  if (!written.ok()) {
    remove_quietly(aside);
    return written;
  }
  remove_quietly(folder() / key);
  std::error_code code;
  fs::rename(aside, folder() / key, code);
  if (code) return system_error("cannot keep a saved guest", (folder() / key).string(), code.value());
  return {};
}

void SavedGuests::make_room(const std::string& keep) const {
  struct Entry {
    fs::path path;
    std::time_t used = 0;
    std::uint64_t bytes = 0;
  };
  std::vector<Entry> entries;
  std::uint64_t all = 0;
  std::error_code code;
  for (fs::directory_iterator it(folder(), code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with(kAside)) {
      if (std::time(nullptr) - last_change(it->path()) > kAbandoned) remove_quietly(it->path());
      continue;
    }
    Entry entry{it->path(), last_change(it->path() / kSeal), tree_size(it->path())};
    all += entry.bytes;
    if (name != keep) entries.push_back(std::move(entry));
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.used < b.used; });
  for (const Entry& entry : entries) {
    if (all <= most_bytes_) return;
    remove_quietly(entry.path);
    all -= std::min(all, entry.bytes);
  }
}

void SavedGuests::distrust(const std::string& key) {
  remove_quietly(folder() / key);
  const std::lock_guard lock(mutex_);
  hopeless_.insert(key);
}

}  // namespace aios
