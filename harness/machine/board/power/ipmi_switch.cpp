// SPDX-License-Identifier: Apache-2.0
// IPMI 2.0 over the LAN (RMCP+), by FreeIPMI. A session an order: a BMC forgets sessions, and some have room for few.
#include <fmt/format.h>
#include <freeipmi/freeipmi.h>

#include <array>
#include <memory>
#include <vector>

#include "harness/machine/board/ipmi_workarounds.h"
#include "harness/machine/board/power/power_switch.h"

namespace aios::board {
namespace {

// Of netfn "chassis": IPMI 2.0, chapter 28.
constexpr std::uint8_t kChassis = 0x00, kStatus = 0x01, kControl = 0x02, kSetBootOptions = 0x08;
constexpr std::uint8_t kControlOff = 0x00, kControlOn = 0x01;
constexpr std::uint8_t kBootFlags = 0x05, kFlagsValid = 0x80, kDevicePxe = 0x01 << 2, kDeviceCd = 0x05 << 2;

struct CloseSession {
  void operator()(ipmi_ctx_t context) const {
    ipmi_ctx_close(context);
    ipmi_ctx_destroy(context);
  }
};
using Session = std::unique_ptr<std::remove_pointer_t<ipmi_ctx_t>, CloseSession>;

struct Bmc {
  BoardPower power;
  std::string password, name;
};

Error session_error(const Bmc& bmc, ipmi_ctx_t context) {
  const int code = ipmi_ctx_errnum(context);
  const std::string said = ipmi_ctx_strerror(code);
  switch (code) {
    case IPMI_ERR_USERNAME_INVALID:
    case IPMI_ERR_PASSWORD_INVALID:
    case IPMI_ERR_PASSWORD_VERIFICATION_TIMEOUT:
    case IPMI_ERR_PERMISSION:
      return config_error(fmt::format("{} refuses user '{}': {}", bmc.name, bmc.power.user, said), "machine file",
                          fmt::format("check user and password ({})", bmc.power.password));
    case IPMI_ERR_PRIVILEGE_LEVEL_INSUFFICIENT:
    case IPMI_ERR_PRIVILEGE_LEVEL_CANNOT_BE_OBTAINED:
      return config_error(fmt::format("user '{}' may not switch the board: {}", bmc.power.user, said), bmc.name,
                          "it takes an administrator of the BMC");
    case IPMI_ERR_CIPHER_SUITE_ID_UNAVAILABLE:
    case IPMI_ERR_AUTHENTICATION_TYPE_UNAVAILABLE:
      return config_error(fmt::format("{} does not know cipher suite {}", bmc.name, bmc.power.cipher_suite), {},
                          "power.cipher_suite = 17, or 3");
    case IPMI_ERR_HOSTNAME_INVALID:
      return config_error(fmt::format("there is no host '{}'", bmc.power.host), bmc.name);
    default:
      return infra_fault(fmt::format("{} does not answer: {}", bmc.name, said), {},
                         "is it reachable, and is IPMI over LAN on? aios-bench doctor asks it");
  }
}

Result<Session> open_session(const Bmc& bmc) {
  Session session(ipmi_ctx_create());
  if (!session) return infra_fault("no memory for an IPMI session", bmc.name);
  const auto timeout_ms = static_cast<unsigned>(bmc.power.timeout_seconds * 1000);
  const std::string host = fmt::format("{}:{}", bmc.power.host, bmc.power.port);
  const int opened = ipmi_ctx_open_outofband_2_0(
      session.get(), host.c_str(), bmc.power.user.c_str(), bmc.password.c_str(), nullptr, 0, IPMI_PRIVILEGE_LEVEL_ADMIN,
      static_cast<std::uint8_t>(bmc.power.cipher_suite), timeout_ms, std::max(timeout_ms / 20, 100U),
      ipmi_workarounds(bmc.power.workarounds), IPMI_FLAGS_DEFAULT);
  if (opened < 0) return session_error(bmc, session.get());
  return session;
}

// The answer's bytes behind command and completion code.
Result<std::vector<std::uint8_t>> ask(const Bmc& bmc, const std::vector<std::uint8_t>& request) {
  const Session session = TRY(open_session(bmc));
  std::array<std::uint8_t, 64> answer{};
  const int length = ipmi_cmd_raw(session.get(), 0, kChassis, request.data(), static_cast<unsigned>(request.size()),
                                  answer.data(), answer.size());
  if (length < 0) return session_error(bmc, session.get());
  if (length < 2 || answer[1] != 0) {
    return infra_fault(fmt::format("{} refused order {:#04x}: completion code {:#04x}", bmc.name, request[0],
                                   length < 2 ? 0xff : answer[1]));
  }
  return std::vector<std::uint8_t>(answer.begin() + 2, answer.begin() + length);
}

}  // namespace

PowerSwitch ipmi_switch(const BoardPower& power, std::string password) {
  const Bmc bmc{power, std::move(password), fmt::format("the BMC at {}:{}", power.host, power.port)};
  PowerSwitch out;
  out.name = bmc.name;
  out.is_on = [bmc]() -> Result<bool> {
    const auto status = TRY(ask(bmc, {kStatus}));
    if (status.empty()) return infra_fault(fmt::format("{} tells nothing of the power", bmc.name));
    return (status[0] & 1) != 0;
  };
  out.set = [bmc](bool on) -> Status {
    TRY(ask(bmc, {kControl, on ? kControlOn : kControlOff}));
    return {};
  };
  out.boot_once = [bmc](BootFrom from) -> Status {
    TRY(ask(bmc,
            {kSetBootOptions, kBootFlags, kFlagsValid, from == BootFrom::network ? kDevicePxe : kDeviceCd, 0, 0, 0}));
    return {};
  };
  return out;
}

}  // namespace aios::board
