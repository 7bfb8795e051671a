// SPDX-License-Identifier: Apache-2.0
// Serial over LAN, by libipmiconsole. Its engine is one for the process: it lives as long as the one console does.
#include <fcntl.h>
#include <fmt/format.h>
#include <ipmiconsole.h>

#include "harness/machine/board/console/console.h"
#include "harness/machine/board/ipmi_workarounds.h"

namespace aios::board {
namespace {

class SolLine {
 public:
  ~SolLine() {
    // Ends the session at the BMC, too; one that is silent would be waited for until the session is over by itself.
    if (engine_) ipmiconsole_engine_teardown(polite_ ? 1 : 0);
    if (context_ != nullptr) ipmiconsole_ctx_destroy(context_);
  }

  Status open(const BoardPower& power, const std::string& password) {
    if (ipmiconsole_engine_init(1, 0) != 0) return infra_fault("libipmiconsole cannot be started", "serial over LAN");
    engine_ = true;
    std::string user = power.user, secret = password, host = fmt::format("{}:{}", power.host, power.port);
    ipmiconsole_ipmi_config login{};
    login.username = user.data();
    login.password = secret.data();
    login.privilege_level = IPMICONSOLE_PRIVILEGE_ADMIN;
    login.cipher_suite_id = power.cipher_suite;
    // What cannot be trusted of a BMC's answers about serial over LAN is not asked; the port is the one that is named.
    login.workaround_flags = ipmi_workarounds(power.workarounds) | IPMICONSOLE_WORKAROUND_IGNORE_SOL_PAYLOAD_SIZE |
                             IPMICONSOLE_WORKAROUND_IGNORE_SOL_PORT |
                             IPMICONSOLE_WORKAROUND_SKIP_CHANNEL_PAYLOAD_SUPPORT;
    // The library's own times: keep-alives that are sent more often than that throw some BMCs out of step.
    ipmiconsole_protocol_config protocol{};
    ipmiconsole_engine_config engine{};
    engine.engine_flags = 0;
    engine.behavior_flags = 0;
    engine.debug_flags = 0;
    context_ = ipmiconsole_ctx_create(host.c_str(), &login, &protocol, &engine);
    if (context_ == nullptr) {
      return config_error("serial over LAN takes no such address, user or password", host, "see the machine file");
    }
    if (ipmiconsole_engine_submit_block(context_) != 0) return failure(power);
    fd_ = ipmiconsole_ctx_fd(context_);
    if (fd_ < 0) return failure(power);
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
    return {};
  }

  int fd() const { return fd_; }
  void give_up() { polite_ = false; }
  std::string why() const { return ipmiconsole_ctx_errormsg(context_); }

 private:
  Error failure(const BoardPower& power) const {
    const std::string name = fmt::format("the BMC at {}:{}", power.host, power.port);
    const std::string said = why();
    switch (ipmiconsole_ctx_errnum(context_)) {
      case IPMICONSOLE_ERR_USERNAME_INVALID:
      case IPMICONSOLE_ERR_PASSWORD_INVALID:
      case IPMICONSOLE_ERR_PRIVILEGE_LEVEL_INSUFFICIENT:
      case IPMICONSOLE_ERR_PRIVILEGE_LEVEL_CANNOT_BE_OBTAINED:
        return config_error(fmt::format("{} refuses user '{}': {}", name, power.user, said), "serial over LAN",
                            fmt::format("check user and password ({})", power.password));
      case IPMICONSOLE_ERR_SOL_UNAVAILABLE:
      case IPMICONSOLE_ERR_CIPHER_SUITE_ID_UNAVAILABLE:
      case IPMICONSOLE_ERR_HOSTNAME_INVALID:
        return config_error(fmt::format("{} gives no serial over LAN: {}", name, said), {}, "turn it on in the BMC");
      default:
        return infra_fault(fmt::format("{} gives no console: {}", name, said), "serial over LAN");
    }
  }

  bool engine_ = false, polite_ = true;
  ipmiconsole_ctx_t context_ = nullptr;
  int fd_ = -1;
};

}  // namespace

Result<ConsoleWire> open_ipmi_console(const BoardPower& power, const std::string& password) {
  auto line = std::make_shared<SolLine>();
  TRY(line->open(power, password));
  const auto why = [weak = std::weak_ptr(line)]() -> std::string {
    const auto held = weak.lock();
    return held ? "serial over LAN ended: " + held->why() : std::string();
  };
  const auto give_up = [weak = std::weak_ptr(line)] {
    if (const auto held = weak.lock()) held->give_up();
  };
  return ConsoleWire{.fd = line->fd(), .owner = line, .why_lost = why, .give_up = give_up};
}

}  // namespace aios::board
