// SPDX-License-Identifier: Apache-2.0
// cgroup limits by running into them.
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

// A group of its own in a hierarchy mounted for this check, with one controller.
class Group2 {
 public:
  explicit Group2(const char* controller) {
    const char* root = scratch("cgroup");
    if (::mount("none", root, "cgroup2", 0, nullptr) != 0) return;
    char path[256], text[256], wanted[32];
    std::snprintf(path, sizeof path, "%s/cgroup.controllers", root);
    if (!read_text(path, text, sizeof text) || std::strstr(text, controller) == nullptr) {
      errno = EOPNOTSUPP;
      return;
    }
    std::snprintf(path, sizeof path, "%s/cgroup.subtree_control", root);
    std::snprintf(wanted, sizeof wanted, "+%s", controller);
    if (!write_text(path, wanted)) return;
    std::snprintf(folder_, sizeof folder_, "%s/aios", root);
    made_ = make_folder(folder_);
  }
  ~Group2() {
    if (made_) ::rmdir(folder_);
  }
  Group2(const Group2&) = delete;
  Group2& operator=(const Group2&) = delete;

  bool made() const { return made_; }
  bool set(const char* name, const char* value) const {
    char path[256];
    std::snprintf(path, sizeof path, "%s/%s", folder_, name);
    return write_text(path, value);
  }
  bool enter() const { return set("cgroup.procs", "0"); }

 private:
  char folder_[200] = {};
  bool made_ = false;
};

Outcome container_cgroup_pids() {
  const Group2 group("pids");
  if (!group.made()) return refused("a group with the pids controller");
  if (!group.set("pids.max", "2")) return refused("setting the limit");
  const int code = in_child([&] {
    if (!group.enter()) return 1;
    const int first = fork_child();
    if (first == 0) {
      ::pause();
      leave(0);
    }
    const int second = fork_child();
    if (second == 0) leave(0);
    const int error = errno;
    ::kill(first, SIGKILL);
    reap_child(first);
    return first > 0 && second < 0 && error == EAGAIN ? 0 : 2;
  });
  return code == 0 ? yes("with a limit of two, the third process was refused")
                   : no("the limit did not hold (%d)", code);
}

Outcome container_cgroup_memory() {
  const Group2 group("memory");
  if (!group.made()) return refused("a group with the memory controller");
  if (!group.set("memory.max", "4194304")) return refused("setting the limit");
  group.set("memory.swap.max", "0");
  const int code = in_child([&] {
    if (!group.enter()) return 1;
    constexpr std::size_t kMuch = 32 << 20;
    auto* memory =
        static_cast<char*>(::mmap(nullptr, kMuch, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (memory == MAP_FAILED) return 2;
    for (std::size_t at = 0; at < kMuch; at += 4096) static_cast<volatile char*>(memory)[at] = 1;
    return 0;
  });
  if (code == 256 + SIGKILL) return yes("with a limit of 4 MB, a process that took 32 MB was ended");
  return code == 0 ? no("a process took eight times its limit") : no("the limit could not be tried (%d)", code);
}

constexpr Check kChecks[] = {
    {"container_cgroup_pids", container_cgroup_pids},
    {"container_cgroup_memory", container_cgroup_memory},
};

}  // namespace

const Group kCgroupChecks = group_of(kChecks);

}  // namespace aios::checklist
