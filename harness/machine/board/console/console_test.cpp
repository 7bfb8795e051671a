// SPDX-License-Identifier: Apache-2.0
// A serial line is a pty here, whose other end the test holds.
#include "harness/machine/board/console/console.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>

#include "harness/support/files.h"
#include "harness/support/unique_fd.h"

namespace aios::board {
namespace {

using ::testing::HasSubstr;

const SystemClock kConsoleClock;

struct Pty {
  UniqueFd master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  std::string name() const { return ::ptsname(master.get()); }
  Pty() {
    ::grantpt(master.get());
    ::unlockpt(master.get());
  }
  void say(std::string_view text) const {
    EXPECT_EQ(::write(master.get(), text.data(), text.size()), ssize_t(text.size()));
  }
};

// All that comes until `wanted` is there, or two seconds are over.
std::string read_until(Console& console, std::string_view wanted) {
  std::string out;
  for (int i = 0; i < 200 && out.find(wanted) == std::string::npos && console.lost().empty(); ++i) {
    pollfd wait{console.fd(), POLLIN, 0};
    ::poll(&wait, 1, 10);
    out += console.read();
  }
  return out;
}

BoardSettings serial_line(const std::string& device, double patience) {
  BoardSettings settings;
  settings.console.kind = "serial";
  settings.console.device = device;
  settings.console.reconnect_seconds = patience;
  return settings;
}

TEST(BoardConsole, ASerialLineIsRawAndGoesBothWays) {
  const Pty pty;
  Console console = make_console(serial_line(pty.name(), 0), kConsoleClock).value();
  ASSERT_TRUE(console.connect().ok());
  termios settings{};
  ASSERT_EQ(::tcgetattr(console.fd(), &settings), 0);
  EXPECT_EQ(settings.c_lflag & (ICANON | ECHO), 0U);
  EXPECT_EQ(::cfgetospeed(&settings), static_cast<speed_t>(B115200));
  pty.say("hello\r\n");
  EXPECT_EQ(read_until(console, "\n"), "hello\r\n");
  ASSERT_TRUE(console.write("yes\n").ok());
  char typed[8] = {};
  EXPECT_EQ(::read(pty.master.get(), typed, sizeof typed), 4);
}

TEST(BoardConsole, ACableThatComesLooseAndComesBack) {
  const ScratchFolder folder = ScratchFolder::create().value();
  const fs::path device = folder.path() / "ttyUSB0";
  std::optional<Pty> first(std::in_place);
  fs::create_symlink(first->name(), device);
  Console console = make_console(serial_line(device.string(), 5), kConsoleClock).value();
  ASSERT_TRUE(console.connect().ok());
  first->say("before ");
  EXPECT_EQ(read_until(console, "before"), "before ");
  first.reset();
  fs::remove(device);
  for (int i = 0; i < 100 && console.fd() >= 0; ++i) console.read();
  EXPECT_EQ(console.fd(), -1);
  const Pty second;
  fs::create_symlink(second.name(), device);
  for (int i = 0; i < 200 && console.fd() < 0; ++i) {
    ::poll(nullptr, 0, 10);
    console.read();
  }
  second.say("after");
  EXPECT_EQ(read_until(console, "after"), "after");
  EXPECT_EQ(console.reconnects(), 1);
  EXPECT_EQ(console.lost(), "");
}

TEST(BoardConsole, OneThatDoesNotComeBackIsLost) {
  const ScratchFolder folder = ScratchFolder::create().value();
  const fs::path device = folder.path() / "ttyUSB0";
  std::optional<Pty> pty(std::in_place);
  fs::create_symlink(pty->name(), device);
  Console console = make_console(serial_line(device.string(), 0.3), kConsoleClock).value();
  ASSERT_TRUE(console.connect().ok());
  pty.reset();
  fs::remove(device);
  read_until(console, "never");
  EXPECT_THAT(console.lost(), HasSubstr("did not come back"));
}

TEST(BoardConsole, WhatIsNoSerialPortIsSaid) {
  const auto none = make_console(serial_line("/dev/no-such-port", 0), kConsoleClock).value().connect();
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(none.error().hint, HasSubstr("cable"));
  const auto file = make_console(serial_line("/dev/null", 0), kConsoleClock).value().connect();
  EXPECT_FALSE(file.ok());
}

TEST(BoardConsole, ACommandIsAConsoleAndItsEndIsTold) {
  BoardSettings settings;
  settings.console.kind = "command";
  settings.console.command = "echo ready; read word; echo got $word; exit 3";
  settings.console.reconnect_seconds = 0;
  Console console = make_console(settings, kConsoleClock).value();
  ASSERT_TRUE(console.connect().ok());
  EXPECT_EQ(read_until(console, "\n"), "ready\n");
  ASSERT_TRUE(console.write("it\n").ok());
  EXPECT_EQ(read_until(console, "it\n"), "got it\n");
  read_until(console, "never");
  EXPECT_FALSE(console.lost().empty());
}

TEST(BoardConsole, NobodyListensAtATcpPort) {
  BoardSettings settings;
  settings.console.kind = "tcp";
  settings.console.address = "127.0.0.1:1";
  settings.power.timeout_seconds = 1;
  const auto refused = make_console(settings, kConsoleClock).value().connect();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(refused.error().hint, HasSubstr("ser2net"));
}

TEST(BoardConsole, RubbishIsToldFromText) {
  RubbishMeter text, rubbish;
  std::string noise;
  for (int i = 0; i < 1000; ++i) noise += static_cast<char>(0x80 + i * 37 % 128);
  for (int i = 0; i < 100; ++i) text.feed("[    0.000000] Linux version 6.12 \r\n");
  text.feed(noise);
  EXPECT_FALSE(text.is_rubbish());
  rubbish.feed(noise.substr(0, 100));
  EXPECT_FALSE(rubbish.is_rubbish()) << "a few strange bytes come with every power-on";
  rubbish.feed(noise);
  EXPECT_TRUE(rubbish.is_rubbish());
}

}  // namespace
}  // namespace aios::board
