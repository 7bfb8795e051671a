// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/sysfs_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>

#include "harness/support/text.h"

namespace aios::passthrough {

bool is_plain_name(std::string_view name) {
  if (name.empty() || name.size() > 255 || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view(".:_-+,").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

SysfsTree::SysfsTree(fs::path root)
    : root_(std::move(root)), folder_(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

UniqueFd SysfsTree::open_in(const std::string& path, int flags) const {
  open_how how{};
  // A pipe in the tree is opened without waiting for its writer; with O_PATH nothing waits, and the flag is refused.
  flags |= O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NONBLOCK);
  how.flags = static_cast<unsigned>(flags);
  // An absolute link, or one with too many "..", ends inside the root.
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const long fd = ::syscall(SYS_openat2, folder_.get(), path.c_str(), &how, sizeof how);
  if (fd >= 0) return UniqueFd(static_cast<int>(fd));
  // A container's filter may not know the call; for the real root there is nothing to stay inside of.
  if ((errno == ENOSYS || errno == EPERM) && root_ == "/") {
    return UniqueFd(::openat(folder_.get(), path.c_str(), flags));
  }
  return {};
}

bool SysfsTree::exists(const std::string& path) const { return static_cast<bool>(open_in(path, O_PATH)); }

std::optional<std::string> SysfsTree::bytes(const std::string& path, std::size_t limit) const {
  const UniqueFd file = open_in(path, O_RDONLY);
  struct stat about {};
  if (!file || ::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  std::string bytes(limit, '\0');
  std::size_t length = 0;
  while (length < limit) {
    const ssize_t got = ::read(file.get(), bytes.data() + length, limit - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  bytes.resize(length);
  return bytes;
}

std::optional<std::string> SysfsTree::text(const std::string& path, std::size_t limit) const {
  const auto bytes = this->bytes(path, limit);
  if (!bytes) return std::nullopt;
  const auto is_text = [](unsigned char c) { return c >= 0x20 || c == '\n' || c == '\t' || c == '\r'; };
  if (!std::all_of(bytes->begin(), bytes->end(), is_text)) return std::nullopt;
  return std::string(trim(*bytes));
}

std::optional<std::int64_t> SysfsTree::number(const std::string& path) const {
  const auto said = text(path, 64);
  if (!said) return std::nullopt;
  std::string_view digits = *said;
  const int base = digits.starts_with("0x") ? 16 : 10;
  if (base == 16) digits.remove_prefix(2);
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (code != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  return value;
}

std::optional<std::string> SysfsTree::link_target(const std::string& path) const {
  const UniqueFd link = open_in(path, O_PATH | O_NOFOLLOW);
  if (!link) return std::nullopt;
  char target[1024];
  const ssize_t length = ::readlinkat(link.get(), "", target, sizeof target);
  if (length <= 0 || length == static_cast<ssize_t>(sizeof target)) return std::nullopt;
  return std::string(target, static_cast<std::size_t>(length));
}

std::optional<std::string> SysfsTree::link_name(const std::string& path) const {
  const auto target = link_target(path);
  if (!target) return std::nullopt;
  std::string name = target->substr(target->rfind('/') + 1);
  if (!is_plain_name(name)) return std::nullopt;
  return name;
}

std::vector<std::string> SysfsTree::names(const std::string& path, std::size_t most) const {
  std::vector<std::string> found;
  UniqueFd fd = open_in(path, O_RDONLY | O_DIRECTORY);
  if (!fd) return found;
  DIR* folder = ::fdopendir(fd.get());
  if (folder == nullptr) return found;
  (void)fd.release();  // closed with the folder
  while (const dirent* entry = ::readdir(folder)) {
    if (found.size() >= most) break;
    if (is_plain_name(entry->d_name)) found.emplace_back(entry->d_name);
  }
  ::closedir(folder);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace aios::passthrough
