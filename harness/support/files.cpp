// SPDX-License-Identifier: Apache-2.0
#include "harness/support/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

namespace aios {
namespace {

Status write_all(int fd, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return system_error("cannot write", path.string(), errno);
    }
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status sync_folder(const fs::path& folder) {
  const UniqueFd fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return system_error("cannot sync folder", folder.string(), errno);
  return {};
}

Result<UniqueFd> open_lock(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) return system_error("cannot open lock file", path.string(), errno);
  return fd;
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::uint64_t limit) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) {
    Error error = system_error("cannot read file", path.string(), errno);
    if (errno == ENOENT || errno == EACCES || errno == ENOTDIR) error.kind = ErrorKind::config;
    return error;
  }
  std::string content;
  struct stat info {};
  if (::fstat(fd.get(), &info) == 0 && info.st_size > 0) {
    if (static_cast<std::uint64_t>(info.st_size) > limit) {
      return config_error(fmt::format("file is larger than {} bytes", limit), path.string());
    }
    content.reserve(static_cast<std::size_t>(info.st_size) + 1);
  }
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got == 0) return content;
    if (got < 0) {
      if (errno == EINTR) continue;
      Error error = system_error("cannot read file", path.string(), errno);
      if (errno == EISDIR) error.kind = ErrorKind::config;
      return error;
    }
    if (content.size() + static_cast<std::size_t>(got) > limit) {
      return config_error(fmt::format("file is larger than {} bytes", limit), path.string());
    }
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

Status write_file_atomic(const fs::path& path, std::string_view content) {
  std::string temporary = path.string() + ".XXXXXX";
  const UniqueFd fd(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!fd) return system_error("cannot create file", path.string(), errno);
  ::fchmod(fd.get(), 0644);
  Status written = write_all(fd.get(), content, path);
  if (written.ok() && ::fsync(fd.get()) != 0) written = system_error("cannot sync", path.string(), errno);
  if (written.ok() && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = system_error("cannot rename into place", path.string(), errno);
  }
  if (!written.ok()) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(path.parent_path());
}

Status make_folders(const fs::path& path) {
  std::error_code code;
  fs::create_directories(path, code);
  if (code) return system_error("cannot create folder", path.string(), code.value());
  return {};
}

Status remove_tree(const fs::path& path) {
  std::error_code code;
  fs::remove_all(path, code);
  if (code) return system_error("cannot remove", path.string(), code.value());
  return {};
}

Status copy_file_to(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, code);
  if (!code) return {};
  // The library says "input/output error" when it could write a part only.
  std::error_code ignored;
  const bool full =
      fs::exists(from, ignored) && fs::space(to.parent_path(), ignored).available < fs::file_size(from, ignored);
  return system_error(fmt::format("cannot copy to {}", to.string()), from.string(), full ? ENOSPC : code.value());
}

std::uint64_t tree_size(const fs::path& path) {
  std::uint64_t total = 0;
  std::error_code code;
  for (fs::recursive_directory_iterator it(path, code), end; !code && it != end; it.increment(code)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored) && !it->is_symlink(ignored)) total += it->file_size(ignored);
  }
  return total;
}

fs::path find_program(std::string_view name) {
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable != nullptr ? variable : "/usr/bin:/bin";
  while (true) {
    const auto colon = rest.find(':');
    fs::path candidate = fs::path(rest.substr(0, colon)) / name;
    if (::access(candidate.c_str(), X_OK) == 0 && fs::is_regular_file(candidate)) return candidate;
    if (colon == std::string_view::npos) return {};
    rest.remove_prefix(colon + 1);
  }
}

Result<AppendFile> AppendFile::open(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!fd) return system_error("cannot open for appending", path.string(), errno);
  return AppendFile(std::move(fd), path);
}

Status AppendFile::append_line(std::string_view line) {
  std::string whole(line);
  whole += '\n';
  TRY(write_all(fd_.get(), whole, path_));
  if (::fdatasync(fd_.get()) != 0) return system_error("cannot sync", path_.string(), errno);
  return {};
}

Result<ScratchFolder> ScratchFolder::create(std::string_view prefix) {
  std::error_code code;
  fs::path base = fs::temp_directory_path(code);
  if (code) base = "/tmp";
  std::string pattern = (base / fmt::format("{}-XXXXXX", prefix)).string();
  if (::mkdtemp(pattern.data()) == nullptr) return system_error("cannot create scratch folder", pattern, errno);
  return ScratchFolder(fs::path(pattern));
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})), keep_(other.keep_) {}

ScratchFolder& ScratchFolder::operator=(ScratchFolder&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(keep_, other.keep_);
  return *this;
}

ScratchFolder::~ScratchFolder() {
  if (path_.empty() || keep_) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<FileLock> FileLock::acquire(const fs::path& path) {
  UniqueFd fd = TRY(open_lock(path));
  while (::flock(fd.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return system_error("cannot lock", path.string(), errno);
  }
  return FileLock(std::move(fd));
}

Result<std::optional<FileLock>> FileLock::try_acquire(const fs::path& path) {
  UniqueFd fd = TRY(open_lock(path));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return std::optional<FileLock>();
    return system_error("cannot lock", path.string(), errno);
  }
  return std::optional<FileLock>(FileLock(std::move(fd)));
}

}  // namespace aios
