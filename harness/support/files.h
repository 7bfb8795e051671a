// SPDX-License-Identifier: Apache-2.0
// Files as the house uses them: whole reads with a bound, atomic and durable writes, scratch folders that vanish, locks
// between processes. Every error names the path; a full disk says so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/support/result.h"
#include "harness/support/unique_fd.h"

namespace aios {

namespace fs = std::filesystem;

inline constexpr std::uint64_t kReadLimit = 256ULL << 20;

Result<std::string> read_file(const fs::path& path, std::uint64_t limit = kReadLimit);
// Whole or not at all: temporary file beside it, fsync, rename, fsync of the folder.
Status write_file_atomic(const fs::path& path, std::string_view content);
Status make_folders(const fs::path& path);
Status remove_tree(const fs::path& path);
Status copy_file_to(const fs::path& from, const fs::path& to);
std::uint64_t tree_size(const fs::path& path);
// The first match on PATH, or an empty path.
fs::path find_program(std::string_view name);

// An append-only file: a line is on disk when append returns.
class AppendFile {
 public:
  static Result<AppendFile> open(const fs::path& path);
  Status append_line(std::string_view line);

 private:
  AppendFile(UniqueFd fd, fs::path path) : fd_(std::move(fd)), path_(std::move(path)) {}
  UniqueFd fd_;
  fs::path path_;
};

// A private folder, removed with everything in it when the object goes. `keep` lets it stay (for evidence).
class ScratchFolder {
 public:
  static Result<ScratchFolder> create(std::string_view prefix = "aios-bench");
  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&& other) noexcept;
  ~ScratchFolder();
  const fs::path& path() const { return path_; }
  void keep() { keep_ = true; }

 private:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {}
  fs::path path_;
  bool keep_ = false;
};

// An advisory lock between processes, held while the object lives.
class FileLock {
 public:
  static Result<FileLock> acquire(const fs::path& path);                     // waits
  static Result<std::optional<FileLock>> try_acquire(const fs::path& path);  // nullopt: somebody else holds it

 private:
  explicit FileLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace aios
