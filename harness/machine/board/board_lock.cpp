// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/board_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>
#include <tuple>

#include "harness/support/clock.h"
#include "harness/support/hash.h"
#include "harness/support/text.h"

namespace aios::board {
namespace {

using LockJson = nlohmann::json;

constexpr std::uint64_t kMostInLock = 64U << 10;

fs::path lock_path(const fs::path& folder, const std::string& key) { return folder / (key + ".lock"); }
fs::path quarantine_path(const fs::path& folder, const std::string& key) { return folder / (key + ".quarantine"); }

std::string field(const LockJson& tree, const char* name) {
  return tree.contains(name) && tree[name].is_string() ? printable(tree[name].get<std::string>()) : std::string();
}

std::optional<BoardHolder> holder_of(const std::string& text) {
  if (trim(text).empty()) return std::nullopt;
  const LockJson tree = LockJson::parse(text, nullptr, false);
  BoardHolder out;
  if (!tree.is_object()) return out;
  out = {field(tree, "machine"), field(tree, "user"), field(tree, "host"), field(tree, "since"), 0};
  if (tree.contains("pid") && tree["pid"].is_number_integer()) out.pid = tree["pid"].get<int>();
  return out;
}

// For everybody, whatever this process's umask says: another user's command has to find and finish it.
Result<UniqueFd> open_lock(const fs::path& path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno == ENOENT) {
    fd.reset(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (fd) ::fchmod(fd.get(), 0666);
  }
  if (!fd) return system_error("the board's lock cannot be opened", path.string(), errno);
  return fd;
}

bool same_file(int fd, const fs::path& path) {
  struct stat here {
  }, there{};
  return ::fstat(fd, &here) == 0 && ::stat(path.c_str(), &there) == 0 && here.st_ino == there.st_ino &&
         here.st_dev == there.st_dev;
}

Status write_whole(int fd, const std::string& text, const fs::path& path) {
  if (::ftruncate(fd, 0) == 0 && ::pwrite(fd, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
      ::fdatasync(fd) == 0) {
    return {};
  }
  return system_error("the board's lock cannot be written", path.string(), errno);
}

std::string text_of(const fs::path& path) {
  auto text = read_file(path, kMostInLock);
  return text.ok() ? *text : std::string();
}

bool usable_folder(const fs::path& folder) {
  ::mkdir(folder.c_str(), 0777);
  ::chmod(folder.c_str(), 0777);  // fails where it is another's, who has done it
  return ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

std::string BoardHolder::describe() const {
  return fmt::format("{} (process {} on {}, as '{}') since {}", user.empty() ? "somebody" : user, pid, host, machine,
                     since);
}

std::string board_key(const BoardSettings& settings) {
  const BoardPower& power = settings.power;
  std::string out = power.kind == "ipmi"      ? fmt::format("ipmi-{}-{}", power.host, power.port)
                    : power.kind == "redfish" ? fmt::format("redfish-{}{}", power.url, power.system)
                                              : "command-" + sha256(power.on + "\n" + power.off).substr(0, 16);
  for (char& c : out) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
    if (!plain) c = '-';
  }
  constexpr std::size_t kMostName = 100;
  return out.size() <= kMostName ? out : out.substr(0, kMostName) + "-" + sha256(out).substr(0, 16);
}

Result<fs::path> lock_folder(const BoardSettings& settings) {
  if (!settings.lock_folder.empty()) {
    if (usable_folder(settings.lock_folder)) return fs::path(settings.lock_folder);
    return config_error("the folder for the locks of boards cannot be written to", settings.lock_folder,
                        "board.lock_folder: a folder that all who share the boards may write to");
  }
  const fs::path usual = "/var/lock/aios-bench", otherwise = fs::temp_directory_path() / "aios-bench-locks";
  if (usable_folder(usual)) return usual;
  if (usable_folder(otherwise)) return otherwise;
  return config_error("there is no place for the locks of boards", usual.string(), "board.lock_folder names one");
}

Result<BoardLock> BoardLock::take(const fs::path& folder, const std::string& key, const BoardHolder& me) {
  const fs::path path = lock_path(folder, key);
  for (;;) {
    UniqueFd fd = TRY(open_lock(path));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return system_error("the board's lock cannot be taken", path.string(), errno);
      const auto holder = holder_of(text_of(path));
      return infra_fault(fmt::format("the board is in use by {}", holder ? holder->describe() : "somebody"),
                         path.string(),
                         fmt::format("wait, or ask there; if that is stale: aios-bench boards unlock {}", me.machine));
    }
    if (!same_file(fd.get(), path)) continue;  // broken meanwhile
    BoardLock lock(std::move(fd), path);
    lock.left_over_ = holder_of(text_of(path));
    const LockJson tree = {
        {"machine", me.machine}, {"user", me.user}, {"host", me.host}, {"since", me.since}, {"pid", me.pid}};
    TRY(write_whole(lock.fd_.get(), tree.dump() + "\n", path));
    return lock;
  }
}

void BoardLock::release(bool settled) {
  if (!fd_) return;
  if (settled) std::ignore = ::ftruncate(fd_.get(), 0);  // if it stays, the next one looks once more than needed
  fd_.reset();
}

bool BoardLock::broken() const { return !fd_ || !same_file(fd_.get(), path_); }

LockState look_at_lock(const fs::path& folder, const std::string& key) {
  LockState out;
  const fs::path path = lock_path(folder, key);
  out.holder = holder_of(text_of(path));
  const UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0) {
    out.alive = true;
    if (!out.holder) out.holder.emplace();
  }
  return out;
}

Status break_lock(const fs::path& folder, const std::string& key) {
  const fs::path path = lock_path(folder, key);
  const std::string text = text_of(path);
  TRY(write_file_atomic(path, text));  // another file of the same name: the old one's lock locks nothing any more
  ::chmod(path.c_str(), 0666);
  return {};
}

BoardHolder this_process(const std::string& machine, std::int64_t unix_seconds) {
  BoardHolder out;
  out.machine = machine;
  const passwd* user = ::getpwuid(::getuid());
  out.user = user == nullptr ? std::to_string(::getuid()) : user->pw_name;
  char name[256] = {};
  out.host = ::gethostname(name, sizeof name - 1) == 0 ? name : "?";
  out.since = utc_time(unix_seconds);
  out.pid = ::getpid();
  return out;
}

Status put_in_quarantine(const fs::path& folder, const std::string& key, const Quarantine& quarantine) {
  const LockJson tree = {{"since", quarantine.since}, {"why", quarantine.why}, {"evidence", quarantine.evidence}};
  TRY(write_file_atomic(quarantine_path(folder, key),
                        tree.dump(2, ' ', false, LockJson::error_handler_t::replace) + "\n"));
  ::chmod(quarantine_path(folder, key).c_str(), 0666);
  return {};
}

std::optional<Quarantine> quarantine_of(const fs::path& folder, const std::string& key) {
  const auto text = read_file(quarantine_path(folder, key), 4U << 20);
  if (!text.ok()) return std::nullopt;
  const LockJson tree = LockJson::parse(*text, nullptr, false);
  if (!tree.is_object()) return Quarantine{.since = "?", .why = "?", .evidence = {}};
  Quarantine out{field(tree, "since"), field(tree, "why"), {}};
  if (tree.contains("evidence") && tree["evidence"].is_string()) out.evidence = tree["evidence"].get<std::string>();
  return out;
}

Result<bool> end_quarantine(const fs::path& folder, const std::string& key) {
  std::error_code code;
  const bool there = fs::remove(quarantine_path(folder, key), code);
  if (code) return system_error("the quarantine cannot be ended", quarantine_path(folder, key).string(), code.value());
  return there;
}

}  // namespace aios::board
