// SPDX-License-Identifier: Apache-2.0
#include "images/init/setup.h"

#include <fcntl.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cerrno>
#include <cstring>

#include "images/init/report.h"
#include "images/init/text.h"

namespace aios::init {
namespace {

struct Mount {
  const char* type;
  const char* where;
  unsigned long flags;
  const char* options;
  bool needed;  // without it PID 1 cannot do its own work
};

constexpr unsigned long kPlain = MS_NOSUID | MS_NOEXEC | MS_NODEV;
constexpr Mount kMounts[] = {
    {"devtmpfs", "/dev", MS_NOSUID | MS_NOEXEC, "mode=0755", true},
    {"proc", "/proc", kPlain, nullptr, true},
    {"sysfs", "/sys", kPlain, nullptr, true},
    {"tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755", true},
    {"tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777", true},
    {"tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777", true},
    {"devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "mode=0620,ptmxmode=0666", false},
    {"mqueue", "/dev/mqueue", kPlain, nullptr, false},
    {"hugetlbfs", "/dev/hugepages", MS_NOSUID | MS_NODEV, nullptr, false},
};

bool make_folder(const char* path) { return ::mkdir(path, 0755) == 0 || errno == EEXIST; }

}  // namespace

void set_up_file_systems() {
  for (const auto& mount : kMounts) {
    if (!make_folder(mount.where)) {
      report_failure("cannot create", mount.where, errno);
      continue;
    }
    if (::mount(mount.type, mount.where, mount.type, mount.flags, mount.options) == 0) continue;
    // EBUSY: the kernel mounted it already. ENODEV: this kernel does not have it.
    if (errno == EBUSY || (errno == ENODEV && !mount.needed)) continue;
    report_failure("cannot mount", mount.where, errno);
  }
}

void set_up_console() {
  if (::fcntl(STDOUT_FILENO, F_GETFD) >= 0) return;
  int fd = ::open("/dev/console", O_RDWR | O_NOCTTY);
  if (fd < 0) fd = ::open("/dev/null", O_RDWR);
  if (fd < 0) return;
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(fd, standard);
  if (fd > STDERR_FILENO) ::close(fd);
}

void set_up_loopback() {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;  // a kernel without networking
  ifreq request{};
  ::memcpy(request.ifr_name, "lo", 3);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (::ioctl(fd, SIOCSIFFLAGS, &request) != 0 && errno != ENODEV) report_failure("cannot bring up", "lo", errno);
  ::close(fd);
}

void set_console_level(int level) {
  constexpr int kConsoleLevel = 8;  // SYSLOG_ACTION_CONSOLE_LEVEL
  if (::klogctl(kConsoleLevel, nullptr, level) != 0 && errno != ENOSYS) {
    report_failure("cannot set", "the console's log level", errno);
  }
}

void apply_sysctl(char* setting) {
  char* const equals = ::strchr(setting, '=');
  if (equals == nullptr) return report_failure("not key=value:", setting, EINVAL);
  Text<512> path;
  path << "/proc/sys/";
  for (const char* c = setting; c < equals; ++c) path << (*c == '.' ? '/' : *c);
  const char* const value = equals + 1;
  const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return report_failure("cannot set", setting, errno);
  if (::write(fd, value, ::strlen(value)) < 0) report_failure("cannot set", setting, errno);
  ::close(fd);
}

void load_module(const char* path, const char* const* parameters) {
  Text<1024> joined;
  for (; *parameters != nullptr; ++parameters) joined << (joined.size() > 0 ? " " : "") << *parameters;
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return report_failure("cannot open module", path, errno);
  if (::syscall(SYS_finit_module, fd, joined.c_str(), 0) != 0 && errno != EEXIST) {
    report_failure("cannot load module", path, errno);
  }
  ::close(fd);
}

}  // namespace aios::init
