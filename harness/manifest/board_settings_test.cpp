// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/manifest/machine_manifest.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

constexpr const char* kPower = R"(
[power]
kind = "ipmi"
host = "192.0.2.7"
user = "bench"
password = "env:BMC_PASSWORD"
)";
constexpr const char* kConsole = "[console]\nkind = \"ipmi\"\n";

Result<BoardSettings> board_of(const std::string& text) {
  const TomlFile file = TRY(TomlFile::parse(text, "machines.toml"));
  TomlTable root = file.root();
  BoardSettings settings;
  TRY(read_board_settings(root, settings));
  TRY(root.done());
  return settings;
}

TEST(BoardSettings, AWholeBoard) {
  const auto board = board_of("leave = \"on\"\nconditions = { governor = \"performance\" }\n" + std::string(kPower) +
                              kConsole + "[boot]\nbind = \"192.0.2.1\"\ntftp_port = 6969\n");
  ASSERT_TRUE(board.ok()) << board.error().describe();
  EXPECT_EQ(board->power.host, "192.0.2.7");
  EXPECT_EQ(board->power.port, 623);
  EXPECT_EQ(board->boot.kind, "netboot");
  EXPECT_EQ(board->boot.tftp_port, 6969);
  EXPECT_TRUE(board->leave_on);
  EXPECT_EQ(board->conditions.at("governor"), "performance");
}

TEST(BoardSettings, WhatIsWrongIsNamed) {
  const std::string power = kPower, console = kConsole;
  const std::pair<std::string, const char*> kWrong[] = {
      {power + "portt = 1\n" + console, "portt"},
      {power + "port = 70000\n" + console, "no port"},
      {console, "power"},
      {power + "workarounds = [\"opensespriv\"]\n" + console, "opensespriv"},
      {power + "[console]\nkind = \"serial\"\n", "device"},
      {power + "[console]\nkind = \"serial\"\ndevice = \"/dev/ttyS0\"\nspeed = 115201\n", "115201"},
      {power + "[console]\nkind = \"tcp\"\naddress = \"host\"\n", "no address"},
      {power + console + "[boot]\nkind = \"virtual_media\"\n", "Redfish"},
      {power + console + "[boot]\nkind = \"kexec\"\n", "shell"},
      {power + console + "[boot]\nbind = \"0.0.0.0\"\n", "reach"},
      {power + console + "[conditions]\ngovernr = \"performance\"\n", "governr"},
      {"[power]\nkind = \"command\"\non = \"a\"\noff = \"b\"\n[console]\nkind = \"ipmi\"\n", "status"},
      {"[power]\nkind = \"ipmi\"\nhost = \"h\"\nuser = \"u\"\npassword = \"secret\"\n" + console, "env:NAME"},
  };
  for (const auto& [text, said] : kWrong) {
    const auto board = board_of(text);
    ASSERT_FALSE(board.ok()) << text;
    EXPECT_EQ(board.error().kind, ErrorKind::config);
    EXPECT_THAT(board.error().describe(), HasSubstr(said)) << text;
    EXPECT_THAT(board.error().describe(), HasSubstr("machines.toml"));
  }
}

}  // namespace
}  // namespace aios
