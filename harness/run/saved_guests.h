// SPDX-License-Identifier: Apache-2.0
// Booted guests, saved: files by content in the store's cache, cache/guests/KEY/state and beside it a seal with its
// size and checksum. Safe for several runs at once (the first one saves, the others wait for it) and against being
// killed (written aside, then renamed). What is damaged is gone before anybody boots it; what was used longest ago
// goes when all of them together are too large. `gc` sweeps them as it does the rest of the cache.
#pragma once

#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "harness/support/files.h"

namespace aios {

inline constexpr std::uint64_t kMostSavedBytes = 2ULL << 30;

struct SavedGuest {
  fs::path state;
  bool fresh = false;   // saved just now
  std::string trouble;  // not empty: what was there was no good, and was replaced
};

class SavedGuests {
 public:
  explicit SavedGuests(fs::path cache, std::uint64_t most_bytes = kMostSavedBytes)
      : cache_(std::move(cache)), most_bytes_(most_bytes) {}

  // The one under `key`, or what `save` writes. A key that could not be saved is not tried again by this object.
  Result<SavedGuest> get(const std::string& key, const std::function<Status(const fs::path& out)>& save);
  // It did not go on as it should: nobody starts from it again, and this object does not save it anew.
  void distrust(const std::string& key);

 private:
  fs::path folder() const { return cache_ / "guests"; }
  Result<bool> whole(const fs::path& entry) const;  // false: there is none
  Status add(const std::string& key, const std::function<Status(const fs::path& out)>& save);
  void make_room(const std::string& keep) const;

  fs::path cache_;
  std::uint64_t most_bytes_;
  std::mutex mutex_;
  std::set<std::string> hopeless_;
};

}  // namespace aios
