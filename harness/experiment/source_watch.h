// SPDX-License-Identifier: Apache-2.0
// Waits for saves below some folders (inotify, every folder below them, new ones too): as editors save, by writing, by
// renaming over the old file, through files of their own beside it. Several saves that come together are one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/experiment/watch.h"
#include "harness/support/files.h"

namespace aios {

class SourceWatch {
 public:
  // `quiet`: a save is told when nothing else has been saved for so long.
  static Result<SourceWatch> open(const std::vector<fs::path>& folders, const Clock& clock, const CancelToken& cancel,
                                  Duration quiet = std::chrono::milliseconds(150));

  // Saves since the last call are not lost, also those made while nobody waited.
  Result<SavedFiles> wait();
  std::size_t watched_folders() const { return folders_.size(); }

 private:
  SourceWatch(UniqueFd fd, const Clock& clock, const CancelToken& cancel, Duration quiet)
      : fd_(std::move(fd)), clock_(&clock), cancel_(&cancel), quiet_(quiet) {}
  Status add_tree(const fs::path& folder, const std::string& name);
  Status add_folder(const fs::path& folder, const std::string& name);
  Status read_events(SavedFiles& saved);
  Status take_event(int watch, unsigned mask, const std::string& leaf, SavedFiles& saved);

  struct Folder {
    fs::path path;
    std::string name;  // for people, "" or "mm/"
  };
  UniqueFd fd_;
  const Clock* clock_;
  const CancelToken* cancel_;
  Duration quiet_;
  std::map<int, Folder> folders_;  // by inotify's number
};

// False for what editors and builds leave beside sources: backups, locks, swap files, objects.
bool is_source_name(std::string_view leaf);

}  // namespace aios
