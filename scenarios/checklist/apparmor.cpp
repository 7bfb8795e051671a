// SPDX-License-Identifier: Apache-2.0
// AppArmor by an enforced profile: loaded as apparmor_parser compiled it (images/apparmor.profile), entered, and asked
// for a file that it allows and one that it forbids.
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

extern "C" const unsigned char aios_apparmor_policy[], aios_apparmor_policy_end[];

namespace aios::checklist {
namespace {

constexpr const char* kSecurity = "/sys/kernel/security";
constexpr const char* kAllowed = "/tmp/checklist/allowed";
constexpr const char* kForbidden = "/tmp/checklist/forbidden";

bool load_policy() {
  const int file = ::open("/sys/kernel/security/apparmor/.replace", O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const auto size = aios_apparmor_policy_end - aios_apparmor_policy;
  const bool loaded = ::write(file, aios_apparmor_policy, static_cast<std::size_t>(size)) == size;
  const int error = errno;
  ::close(file);
  errno = error;
  return loaded;
}

bool opens(const char* path) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file >= 0) ::close(file);
  return file >= 0;
}

Outcome security_apparmor() {
  char enabled[8];
  if (!read_text("/sys/module/apparmor/parameters/enabled", enabled, sizeof enabled))
    return no("the kernel has no AppArmor");
  if (enabled[0] != 'Y') return no("AppArmor is in the kernel, and not enabled");
  scratch("apparmor");
  if (!create_file(kAllowed, "x") || !create_file(kForbidden, "x")) return refused("two files");
  if (!exists("/sys/kernel/security/apparmor") && ::mount("none", kSecurity, "securityfs", 0, nullptr) != 0) {
    return refused("securityfs");
  }
  if (!load_policy()) return refused("loading a profile");
  const int code = in_child([] {
    const char* const own =
        exists("/proc/self/attr/apparmor/current") ? "/proc/self/attr/apparmor/current" : "/proc/self/attr/current";
    if (!write_text(own, "changeprofile aios_checklist")) return 1;
    if (!opens(kAllowed)) return 2;
    if (opens(kForbidden)) return 3;
    return errno == EACCES ? 0 : 4;
  });
  if (code == 0) return yes("an enforced profile refused the file that it forbids, and no other");
  if (code == 1) return no("a process cannot enter the profile");
  if (code == 3) return no("the profile does not keep from the forbidden file");
  return no("the profile did not do what it says (%d)", code);
}

constexpr Check kChecks[] = {{"security_apparmor", security_apparmor}};

}  // namespace

const Group kAppArmorChecks = group_of(kChecks);

}  // namespace aios::checklist
