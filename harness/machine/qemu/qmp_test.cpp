// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/qmp.h"

#include <gmock/gmock.h>
#include <sys/socket.h>

namespace aios::qemu {
namespace {

TEST(Qmp, ReadsGreetingEventsAnswersAndErrors) {
  const auto greeting = parse_qmp(
      R"({"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian 1:7.2"}, "capabilities": []}})");
  EXPECT_EQ(greeting.kind, QmpKind::greeting);
  EXPECT_EQ(greeting.text, "QEMU 7.2.22 (Debian 1:7.2)");
  const auto event = parse_qmp(R"({"event": "SHUTDOWN", "data": {"guest": true, "reason": "guest-reset"}})");
  EXPECT_EQ(event.kind, QmpKind::event);
  EXPECT_EQ(event.reason, "guest-reset");
  EXPECT_TRUE(event.guest);
  EXPECT_EQ(parse_qmp(R"({"return": "EIP=1", "id": "ask1"})").text, "EIP=1");
  const auto error = parse_qmp(R"({"error": {"class": "x", "desc": "no such thing"}, "id": "a"})");
  EXPECT_EQ(error.kind, QmpKind::error);
  EXPECT_EQ(error.text, "no such thing");
}

TEST(Qmp, GarbageIsAnErrorMessage) {
  for (const char* line :
       {"", "x", "[]", "{", "1", R"({"QMP": 3})", R"({"event": 1})", R"({"error": 5})", R"({"return": null})"}) {
    (void)parse_qmp(line);
  }
  EXPECT_EQ(parse_qmp("nonsense").kind, QmpKind::error);
}

TEST(Qmp, LinesComeInPieces) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
  Qmp qmp{UniqueFd(fds[0])};
  const UniqueFd other(fds[1]);
  std::vector<QmpMessage> messages;
  const auto write_text = [&](std::string_view text) {
    ASSERT_EQ(::send(other.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  };
  write_text("{\"event\": \"ST");
  EXPECT_TRUE(qmp.pump(messages));
  EXPECT_TRUE(messages.empty());
  write_text("OP\"}\r\n{\"return\": {}, \"id\": \"hello\"}\r\n{\"ev");
  EXPECT_TRUE(qmp.pump(messages));
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].name, "STOP");
  EXPECT_EQ(messages[1].id, "hello");
  ::shutdown(other.get(), SHUT_RDWR);
  EXPECT_FALSE(qmp.pump(messages));
  EXPECT_FALSE(qmp.send("quit", "q"));
}

}  // namespace
}  // namespace aios::qemu
