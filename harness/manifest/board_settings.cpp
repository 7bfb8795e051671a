// SPDX-License-Identifier: Apache-2.0
// [machine.NAME.board]
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "harness/manifest/machine_manifest.h"

namespace aios {
namespace {

// FreeIPMI's names, as in its ipmipower -W.
constexpr std::array<std::string_view, 7> kIpmiWorkarounds{
    "authcap", "intel20", "supermicro20", "sun20", "opensesspriv", "integritycheckvalue", "nochecksumcheck"};
constexpr std::array<std::string_view, 6> kBoardConditions{"governor",     "turbo",        "smt",
                                                           "clock_source", "irq_affinity", "isolated"};

Result<int> board_port_or(TomlTable& table, std::string_view key, int fallback, int least) {
  const std::int64_t value = TRY(table.integer_or(key, fallback));
  if (value < least || value > 65535) return table.error(key, fmt::format("{} is no port", value));
  return static_cast<int>(value);
}

Result<double> board_seconds_or(TomlTable& table, std::string_view key, double fallback, double least = 0.1) {
  const double value = TRY(table.number_or(key, fallback));
  if (!(value >= least && value <= 3600)) {
    return table.error(key, fmt::format("{} seconds is out of range", value), fmt::format("{} to 3600", least));
  }
  return value;
}

Status needs(TomlTable& table, std::string_view key, const std::string& value, std::string_view kind) {
  if (!value.empty()) return {};
  return table.error(key, fmt::format("is missing: '{}' needs it", kind));
}

Status read_login(TomlTable& table, BoardPower& power) {
  power.user = TRY(table.string_or("user", power.user));
  power.password = TRY(table.string_or("password", power.password));
  TRY(needs(table, "user", power.user, power.kind));
  TRY(needs(table, "password", power.password, power.kind));
  if (power.password.starts_with("env:") || power.password.starts_with("file:")) return {};
  return table.error("password", "stands in the machine file itself",
                     R"(say where it is: "env:NAME" for a variable, "file:PATH" for a file that only you can read)");
}

Status read_power(TomlTable& table, BoardPower& power) {
  power.kind = TRY(table.word_or("kind", {"ipmi", "redfish", "command"}, power.kind));
  power.timeout_seconds = TRY(board_seconds_or(table, "timeout_seconds", power.timeout_seconds));
  power.settle_seconds = TRY(board_seconds_or(table, "settle_seconds", power.settle_seconds));
  power.watch_seconds = TRY(board_seconds_or(table, "watch_seconds", power.watch_seconds, 0));
  if (power.kind == "ipmi") {
    power.host = TRY(table.string_or("host", power.host));
    TRY(needs(table, "host", power.host, power.kind));
    power.port = TRY(board_port_or(table, "port", power.port, 1));
    power.cipher_suite = static_cast<int>(TRY(table.integer_or("cipher_suite", power.cipher_suite)));
    if (power.cipher_suite < 0 || power.cipher_suite > 17) {
      return table.error("cipher_suite", fmt::format("{} is none", power.cipher_suite), "3 or 17 are common");
    }
    if (table.has("workarounds")) power.workarounds = TRY(table.strings("workarounds"));
    for (const std::string& name : power.workarounds) {
      if (std::find(kIpmiWorkarounds.begin(), kIpmiWorkarounds.end(), name) != kIpmiWorkarounds.end()) continue;
      return table.error("workarounds", fmt::format("'{}' is not known", name),
                         fmt::format("one of: {}", fmt::join(kIpmiWorkarounds, ", ")));
    }
    return read_login(table, power);
  }
  if (power.kind == "redfish") {
    power.url = TRY(table.string_or("url", power.url));
    if (!power.url.starts_with("http://") && !power.url.starts_with("https://")) {
      return table.error("url", fmt::format("'{}' is no address of a Redfish service", power.url),
                         "for example: https://bmc.lab");
    }
    power.system = TRY(table.string_or("system", power.system));
    power.verify_tls = TRY(table.boolean_or("verify_tls", power.verify_tls));
    return read_login(table, power);
  }
  power.on = TRY(table.string_or("on", power.on));
  power.off = TRY(table.string_or("off", power.off));
  power.status = TRY(table.string_or("status", power.status));
  TRY(needs(table, "on", power.on, power.kind));
  TRY(needs(table, "off", power.off, power.kind));
  return needs(table, "status", power.status, power.kind);
}

Status read_console(TomlTable& table, BoardConsole& console) {
  console.kind = TRY(table.word_or("kind", {"ipmi", "serial", "tcp", "command"}, console.kind));
  console.reconnect_seconds = TRY(board_seconds_or(table, "reconnect_seconds", console.reconnect_seconds, 0));
  if (console.kind == "serial") {
    console.device = TRY(table.string_or("device", console.device));
    TRY(needs(table, "device", console.device, console.kind));
    console.speed = static_cast<int>(TRY(table.integer_or("speed", console.speed)));
    constexpr std::array kSpeeds{9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600, 1500000, 3000000};
    if (std::find(kSpeeds.begin(), kSpeeds.end(), console.speed) == kSpeeds.end()) {
      return table.error("speed", fmt::format("{} is no usual speed", console.speed),
                         fmt::format("one of: {}", fmt::join(kSpeeds, ", ")));
    }
    console.flow = TRY(table.word_or("flow", {"none", "hardware", "software"}, console.flow));
  } else if (console.kind == "tcp") {
    console.address = TRY(table.string_or("address", console.address));
    if (console.address.find(':') == std::string::npos) {
      return table.error("address", fmt::format("'{}' is no address", console.address), "HOST:PORT");
    }
  } else if (console.kind == "command") {
    console.command = TRY(table.string_or("command", console.command));
    TRY(needs(table, "command", console.command, console.kind));
  }
  return {};
}

Status read_boot(TomlTable& table, const BoardPower& power, BoardBoot& boot) {
  boot.kind = TRY(table.word_or("kind", {"netboot", "virtual_media", "kexec"}, boot.kind));
  boot.fetch_seconds = TRY(board_seconds_or(table, "fetch_seconds", boot.fetch_seconds));
  if (boot.kind == "kexec") {
    boot.shell = TRY(table.string_or("shell", boot.shell));
    boot.up_seconds = TRY(board_seconds_or(table, "up_seconds", boot.up_seconds));
    return needs(table, "shell", boot.shell, boot.kind);
  }
  if (boot.kind == "virtual_media" && power.kind != "redfish") {
    return table.error("kind", "'virtual_media' needs a Redfish BMC",
                       R"(power.kind = "redfish", or boot by the network)");
  }
  boot.bind = TRY(table.string_or("bind", boot.bind));
  boot.reach = TRY(table.string_or("reach", boot.reach));
  if (boot.reach.empty() && boot.bind == "0.0.0.0") {
    return table.error("reach", "is missing: the board has to be told an address of this host",
                       "reach = \"192.0.2.1\"");
  }
  boot.tftp_port = TRY(board_port_or(table, "tftp_port", boot.tftp_port, 0));
  boot.http_port = TRY(board_port_or(table, "http_port", boot.http_port, 0));
  boot.file = TRY(table.string_or("file", boot.file));
  if (boot.file.empty() || boot.file.find('/') != std::string::npos) {
    return table.error("file", fmt::format("'{}' is no plain name", boot.file));
  }
  return {};
}

Status read_conditions(TomlTable& table, BoardSettings& settings) {
  settings.conditions.clear();
  for (const std::string& key : table.keys()) {
    if (std::find(kBoardConditions.begin(), kBoardConditions.end(), key) == kBoardConditions.end()) {
      return table.error(key, "is no condition that can be set",
                         fmt::format("one of: {}", fmt::join(kBoardConditions, ", ")));
    }
    settings.conditions[key] = TRY(table.string(key));
  }
  return {};
}

}  // namespace

Status read_board_settings(TomlTable& table, BoardSettings& settings) {
  TomlTable power = TRY(table.table("power"));
  TRY(read_power(power, settings.power));
  TRY(power.done());
  TomlTable console = TRY(table.table("console"));
  TRY(read_console(console, settings.console));
  if (settings.console.kind == "ipmi" && settings.power.kind != "ipmi") {
    return console.error("kind", "'ipmi' is the console of an IPMI BMC, and power has none");
  }
  TRY(console.done());
  if (auto boot = TRY(table.table_or_none("boot"))) {
    TRY(read_boot(*boot, settings.power, settings.boot));
    TRY(boot->done());
  }
  if (auto conditions = TRY(table.table_or_none("conditions"))) {
    TRY(read_conditions(*conditions, settings));
    TRY(conditions->done());
  }
  if (table.has("kernel_words")) settings.kernel_words = TRY(table.strings("kernel_words"));
  settings.leave_on = TRY(table.word_or("leave", {"off", "on"}, settings.leave_on ? "on" : "off")) == "on";
  settings.lock_folder = TRY(table.string_or("lock_folder", settings.lock_folder));
  return {};
}

}  // namespace aios
