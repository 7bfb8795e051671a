// SPDX-License-Identifier: Apache-2.0
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/netlink.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

// uname fails with 95, getppid kills, everything else goes.
bool install_filter() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_uname, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {sizeof program / sizeof program[0], program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

Outcome security_seccomp() {
  const int code = in_child([] {
    if (!install_filter()) return errno == 0 ? 1 : errno;
    char name[400];
    if (::syscall(SYS_uname, name) != -1 || errno != EOPNOTSUPP) return 200;
    ::syscall(SYS_getppid);
    return 201;
  });
  if (code == 256 + SIGSYS) return yes("one call was refused with the filter's error, another killed");
  if (code == 200) return no("the filter did not refuse the call");
  if (code == 201) return no("the filter did not kill");
  errno = code;
  return refused("installing a filter");
}

Outcome security_keyring() {
  constexpr char kSecret[] = "the secret";
  if (::syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, nullptr) < 0) return refused("a session keyring");
  const long key = ::syscall(SYS_add_key, "user", "aios", kSecret, sizeof kSecret, KEY_SPEC_SESSION_KEYRING);
  if (key < 0) return refused("adding a key");
  const long found = ::syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", "aios", 0);
  if (found != key) return no("the key is not found");
  char text[64] = {};
  const long size = ::syscall(SYS_keyctl, KEYCTL_READ, key, text, sizeof text);
  return size == sizeof kSecret && std::strcmp(text, kSecret) == 0 ? yes("a key was added, found and read back")
                                                                   : no("what was read is not the key");
}

// The record comes back to whoever has made himself the audit daemon.
Outcome security_audit() {
  NetlinkSocket socket(NETLINK_AUDIT);
  if (!socket.ok()) return refused("an audit socket");
  audit_status status{};
  status.mask = AUDIT_STATUS_ENABLED | AUDIT_STATUS_PID;
  status.enabled = 1;
  status.pid = static_cast<unsigned>(::getpid());
  if (!socket.ask(NetlinkMessage(AUDIT_SET, NLM_F_ACK, &status, sizeof status))) return refused("becoming the daemon");
  constexpr char kText[] = "op=checklist";
  NetlinkSocket sender(NETLINK_AUDIT);
  if (!sender.ask(NetlinkMessage(AUDIT_USER, NLM_F_ACK, kText, sizeof kText))) return refused("sending a record");
  for (int records = 0; records < 16; ++records) {
    char record[9000] = {};
    const ssize_t got = ::recv(socket.fd(), record, sizeof record - 1, 0);
    if (got <= 0) break;
    if (::memmem(record, static_cast<std::size_t>(got), kText, sizeof kText - 1) != nullptr) {
      return yes("a record went in and came out with its text");
    }
  }
  return no("the record did not come out");
}

constexpr Check kChecks[] = {
    {"security_seccomp", security_seccomp},
    {"security_keyring", security_keyring},
    {"security_audit", security_audit},
};

}  // namespace

const Group kSecurityChecks = group_of(kChecks);

}  // namespace aios::checklist
