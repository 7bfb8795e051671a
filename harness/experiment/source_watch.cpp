// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/source_watch.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/inotify.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace aios {
namespace {

constexpr std::size_t kMostNames = 50;
constexpr Duration kLongestBurst = std::chrono::seconds(3);  // something saves all the time: told all the same
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ONLYDIR;

bool is_watched_folder(std::string_view leaf) { return leaf != ".git" && leaf != ".hg" && leaf != ".svn"; }

Error watch_error(const fs::path& folder, int number) {
  if (number == ENOSPC) {
    return infra_fault("this user may not watch so many folders", folder.string(),
                       "as root: sysctl fs.inotify.max_user_watches=524288");
  }
  if (number == EMFILE) {
    return infra_fault("this user watches too many things at once", folder.string(),
                       "end other watchers, or as root: sysctl fs.inotify.max_user_instances=512");
  }
  return system_error("cannot watch", folder.string(), number);
}

void add_name(SavedFiles& saved, const std::string& name) {
  if (saved.names.size() == kMostNames) return;
  if (std::find(saved.names.begin(), saved.names.end(), name) == saved.names.end()) saved.names.push_back(name);
}

}  // namespace

bool is_source_name(std::string_view leaf) {
  constexpr std::array kEndings = {"~",  ".swp", ".swx", ".swo", ".tmp", ".bak", ".orig",
                                   ".o", ".a",   ".ko",  ".cmd", ".mod", ".gch"};
  // "4913" is what vim writes to see whether it may; ".#x" and "#x#" are Emacs's.
  if (leaf == "4913" || leaf.starts_with(".#") || leaf.starts_with('#') || leaf.starts_with(".goutputstream")) {
    return false;
  }
  return std::none_of(kEndings.begin(), kEndings.end(), [&](std::string_view end) { return leaf.ends_with(end); });
}

Result<SourceWatch> SourceWatch::open(const std::vector<fs::path>& folders, const Clock& clock,
                                      const CancelToken& cancel, Duration quiet) {
  UniqueFd fd(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (!fd) return watch_error(folders.front(), errno);
  SourceWatch watch(std::move(fd), clock, cancel, quiet);
  for (const fs::path& folder : folders) TRY(watch.add_tree(folder, ""));
  return watch;
}

Status SourceWatch::add_folder(const fs::path& folder, const std::string& name) {
  const int number = inotify_add_watch(fd_.get(), folder.c_str(), kEvents);
  if (number >= 0) {
    folders_[number] = {folder, name};
    return {};
  }
  if (errno == ENOENT || errno == ENOTDIR) return {};  // gone again
  return watch_error(folder, errno);
}

Status SourceWatch::add_tree(const fs::path& folder, const std::string& name) {
  TRY(add_folder(folder, name));
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    const std::string leaf = it->path().filename().string();
    std::error_code ignored;
    if (it->is_directory(ignored) && !it->is_symlink(ignored) && is_watched_folder(leaf)) {
      TRY(add_tree(it->path(), name + leaf + "/"));
    }
  }
  return {};
}

Status SourceWatch::take_event(int watch, unsigned mask, const std::string& leaf, SavedFiles& saved) {
  if ((mask & IN_Q_OVERFLOW) != 0) {
    add_name(saved, "more files than can be named");
    return {};
  }
  const auto found = folders_.find(watch);
  if (found == folders_.end()) return {};
  if ((mask & IN_IGNORED) != 0) {
    folders_.erase(found);
    return {};
  }
  const Folder folder = found->second;
  if ((mask & IN_ISDIR) != 0) {
    // Its files may have come before its watch: the folder counts as saved.
    if ((mask & (IN_CREATE | IN_MOVED_TO)) == 0 || !is_watched_folder(leaf)) return {};
    add_name(saved, folder.name + leaf + "/");
    return add_tree(folder.path / leaf, folder.name + leaf + "/");
  }
  // A file that is created is not saved yet; one that is written, renamed to its name or taken away is.
  if ((mask & ~static_cast<unsigned>(IN_CREATE)) == 0 || !is_source_name(leaf)) return {};
  add_name(saved, folder.name + leaf);
  return {};
}

Status SourceWatch::read_events(SavedFiles& saved) {
  alignas(inotify_event) std::array<char, 65536> buffer;
  for (;;) {
    const auto size = read(fd_.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return {};
    for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
      inotify_event event;
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      TRY(take_event(event.wd, event.mask, event.len > 0 ? std::string(name) : std::string(), saved));
      at += sizeof event + event.len;
    }
  }
}

Result<SavedFiles> SourceWatch::wait() {
  SavedFiles saved;
  Duration last{0};
  for (;;) {
    TRY(cancel_->check());
    const bool pending = !saved.names.empty();
    const Duration now = clock_->monotonic();
    if (pending && (now - last >= quiet_ || now - saved.at >= kLongestBurst)) return saved;
    std::array<pollfd, 2> waits{{{fd_.get(), POLLIN, 0}, {cancel_->fd(), POLLIN, 0}}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(quiet_ - (now - last)).count();
    poll(waits.data(), waits.size(), pending ? static_cast<int>(std::max<long>(left, 1)) : -1);
    if (waits[0].revents == 0) continue;
    const std::size_t before = saved.names.size();
    TRY(read_events(saved));
    if (saved.names.empty()) continue;
    last = clock_->monotonic();
    if (before == 0) saved.at = last;
  }
}

}  // namespace aios
