// SPDX-License-Identifier: Apache-2.0
// What a machine file says of a real board ([machine.NAME.board]): how it is switched, where its console comes from,
// how a kernel gets to it and how it is left. Passwords stand elsewhere: a text that begins with env: or file: says
// where (harness/manifest/board_settings.cpp reads the table, harness/machine/board drives the board).
#pragma once

#include <map>
#include <string>
#include <vector>

namespace aios {

struct BoardPower {
  std::string kind = "command";  // ipmi, redfish, command
  // ipmi
  std::string host;
  int port = 623;
  int cipher_suite = 3;
  std::vector<std::string> workarounds;  // as FreeIPMI names them: "opensesspriv", ...
  // redfish
  std::string url;     // "https://bmc.lab"
  std::string system;  // "/redfish/v1/Systems/1"; empty: the first one
  bool verify_tls = true;
  // ipmi and redfish
  std::string user, password;  // password: env:NAME or file:PATH
  // command: given to sh -c; status prints "on" or "off"
  std::string on, off, status;

  double timeout_seconds = 20;  // for one answer
  double settle_seconds = 60;   // until a switched board is what it was switched to
  double watch_seconds = 2;     // how often a running board is asked whether it is on; 0: not at all
};

struct BoardConsole {
  std::string kind = "tcp";  // ipmi (serial over LAN, of power's BMC), serial, tcp, command
  std::string device;        // serial: "/dev/ttyUSB0"
  int speed = 115200;
  std::string flow = "none";      // none, hardware, software
  std::string address;            // tcp: "HOST:PORT", as ser2net's raw mode has it
  std::string command;            // given to sh -c; its input and output are the console
  double reconnect_seconds = 10;  // so long a console that went away is waited for
};

struct BoardBoot {
  std::string kind = "netboot";    // netboot, virtual_media, kexec
  std::string bind = "127.0.0.1";  // where the harness's server listens
  std::string reach;               // how the board calls that server; empty: as in bind
  int tftp_port = 69;              // 0: no TFTP
  int http_port = 0;               // 0: any that is free
  std::string file = "aios.ipxe";  // what DHCP names as the boot file
  double fetch_seconds = 300;      // until the board has its kernel
  std::string shell;               // kexec: runs a command line on the board: "ssh root@board"
  double up_seconds = 180;         // kexec: until the board's own system answers there
};

struct BoardSettings {
  BoardPower power;
  BoardConsole console;
  BoardBoot boot;
  std::vector<std::string> kernel_words;          // on its kernel's command line, in front of the kernel's own
  std::map<std::string, std::string> conditions;  // what is set before timed runs: "governor" = "performance", ...
  bool leave_on = false;                          // how it is left: running its own system, or off
  std::string lock_folder;                        // empty: the one of this host
};

}  // namespace aios
