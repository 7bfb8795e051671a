// SPDX-License-Identifier: Apache-2.0
// Each kind of namespace by what it hides or keeps in, and a root file system entered as a container enters it.
#include <net/if.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

// The child's exit code: an error number where a system call failed, 250 and above for what a check found wrong.
constexpr int kWrong = 250;

Outcome judge(int code, const char* good, const char* wrong) {
  if (code == 0) return yes("%s", good);
  if (code >= kWrong) return no("%s", wrong);
  errno = code;
  return refused("entering it");
}

Outcome container_user_namespace() {
  const int code = in_child([] {
    if (::setgid(1000) != 0 || ::setuid(1000) != 0) return errno;
    ::prctl(PR_SET_DUMPABLE, 1);  // what has changed its user does not own its files in /proc
    if (::unshare(CLONE_NEWUSER) != 0) return errno;
    write_text("/proc/self/setgroups", "deny");
    if (!write_text("/proc/self/uid_map", "0 1000 1")) return errno;
    // Root inside: may name the host in a uts namespace of its own.
    if (::getuid() != 0 || ::unshare(CLONE_NEWUTS) != 0) return kWrong;
    return ::sethostname("inside", 6) == 0 ? 0 : kWrong;
  });
  return judge(code, "user 1000 is root inside, and may what root may there", "it gives no rights inside");
}

Outcome container_pid_namespace() {
  const int code = in_child([] {
    if (::unshare(CLONE_NEWPID) != 0) return errno;
    return in_child([] { return ::getpid() == 1 ? 0 : kWrong; });
  });
  return judge(code, "its first process is PID 1", "its first process is not PID 1");
}

Outcome container_network_namespace() {
  const int code = in_child([] {
    if (::unshare(CLONE_NEWNET) != 0) return errno;
    struct if_nameindex* interfaces = ::if_nameindex();
    if (interfaces == nullptr) return errno;
    int real = 0;
    for (auto* at = interfaces; at->if_index != 0; ++at) {
      char path[128];
      std::snprintf(path, sizeof path, "/sys/class/net/%s/device", at->if_name);
      if (std::strcmp(at->if_name, "lo") != 0 && exists(path)) ++real;
    }
    return real == 0 && std::strcmp(interfaces->if_name, "lo") == 0 ? 0 : kWrong;
  });
  return judge(code, "it has a loopback of its own and none of the host's interfaces",
               "it shows the host's interfaces");
}

Outcome container_uts_namespace() {
  utsname before, after;
  ::uname(&before);
  const int code = in_child([] {
    if (::unshare(CLONE_NEWUTS) != 0) return errno;
    utsname own;
    return ::sethostname("inside", 6) == 0 && ::uname(&own) == 0 && std::strcmp(own.nodename, "inside") == 0 ? 0
                                                                                                             : kWrong;
  });
  ::uname(&after);
  if (std::strcmp(before.nodename, after.nodename) != 0) return no("the host's name changed");
  return judge(code, "a name set inside stays inside", "no name can be set inside");
}

Outcome container_ipc_namespace() {
  static constexpr key_t kKey = 0xa105;
  const int code = in_child([] {
    if (::unshare(CLONE_NEWIPC) != 0) return errno;
    return ::msgget(kKey, IPC_CREAT | IPC_EXCL | 0600) >= 0 ? 0 : errno;
  });
  if (code == 0 && ::msgget(kKey, 0) >= 0) return no("a queue made inside is seen outside");
  return judge(code, "a queue made inside is not seen outside", "");
}

Outcome container_mount_namespace() {
  const char* folder = scratch("mount");
  char path[256];
  std::snprintf(path, sizeof path, "%s/inside", folder);
  const int code = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0) return errno;
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return errno;
    if (::mount("none", folder, "tmpfs", 0, nullptr) != 0) return errno;
    return create_file(path, "x") && exists(path) ? 0 : kWrong;
  });
  if (exists(path)) return no("a mount made inside is seen outside");
  return judge(code, "a mount made inside is not seen outside", "the mount inside cannot be used");
}

// Two lower layers and a writable one, as a container's image has them.
int enter_overlay(const char* base) {
  if (::unshare(CLONE_NEWNS) != 0) return errno;
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return errno;
  if (::mount("none", base, "tmpfs", 0, nullptr) != 0 || ::chdir(base) != 0) return errno;
  for (const char* name : {"first", "second", "upper", "work", "root", "first/old"}) make_folder(name);
  create_file("first/one", "1");
  create_file("second/two", "2");
  if (::mount("none", "root", "overlay", 0, "lowerdir=second:first,upperdir=upper,workdir=work") != 0) return errno;
  if (::chdir("root") != 0 || ::syscall(SYS_pivot_root, ".", "old") != 0) return errno;
  if (::chdir("/") != 0 || ::umount2("/old", MNT_DETACH) != 0) return errno;
  return holds("/one", "1") && holds("/two", "2") && create_file("/three", "3") && !exists("/proc/self") ? 0 : kWrong;
}

Outcome container_overlay() {
  const char* base = scratch("container");
  // pivot_root works from the initramfs only once something else is mounted as the root.
  const int code = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0) return errno;
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return errno;
    if (::mount(base, base, nullptr, MS_BIND, nullptr) != 0 || ::chdir(base) != 0) return errno;
    if (::mount(base, "/", nullptr, MS_MOVE, nullptr) != 0 || ::chroot(".") != 0 || ::chdir("/") != 0) return errno;
    make_folder("/c");
    return enter_overlay("/c");
  });
  return judge(code, "both layers show through, and what was outside is gone", "the layers do not show through");
}

constexpr Check kChecks[] = {
    {"container_user_namespace", container_user_namespace},
    {"container_pid_namespace", container_pid_namespace},
    {"container_network_namespace", container_network_namespace},
    {"container_uts_namespace", container_uts_namespace},
    {"container_ipc_namespace", container_ipc_namespace},
    {"container_mount_namespace", container_mount_namespace},
    {"container_overlay", container_overlay},
};

}  // namespace

const Group kNamespaceChecks = group_of(kChecks);

}  // namespace aios::checklist
