// SPDX-License-Identifier: Apache-2.0
// Against testing/redfish-mock, which testing/redfish_clients_test.py holds against Debian's client.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "harness/machine/board/power/power_switch.h"
#include "harness/support/files.h"
#include "harness/support/process.h"

namespace aios::board {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const SystemClock kRedfishClock;

class OverRedfish : public ::testing::Test {
 protected:
  void SetUp() override {
    int port = 0;
    {
      const UniqueFd fd(::socket(AF_INET, SOCK_STREAM, 0));
      sockaddr_in any{};
      any.sin_family = AF_INET;
      any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      socklen_t size = sizeof any;
      ASSERT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&any), &size);
      port = ntohs(any.sin_port);
    }
    power_.kind = "redfish";
    power_.url = "http://127.0.0.1:" + std::to_string(port);
    power_.user = "admin";
    power_.timeout_seconds = 5;
    mock_ = Child::spawn({.argv = {AIOS_SOURCE_DIR "/harness/machine/board/testing/redfish-mock", std::to_string(port),
                                   log_.string()}})
                .value();
    for (int i = 0; i < 400 && !redfish_switch(power_, "benchpw").is_on().ok(); ++i) ::poll(nullptr, 0, 25);
  }
  ScratchFolder folder_ = ScratchFolder::create().value();
  fs::path log_ = folder_.path() / "log";
  BoardPower power_;
  std::optional<Child> mock_;
};

TEST_F(OverRedfish, PowerBootDeviceAndVirtualMedia) {
  const PowerSwitch board = redfish_switch(power_, "benchpw");
  EXPECT_FALSE(board.is_on().value());
  ASSERT_TRUE(board.boot_once(BootFrom::network).ok());
  ASSERT_TRUE(board.insert_media("http://127.0.0.1/aios.iso").ok());
  ASSERT_TRUE(switch_to(board, true, std::chrono::seconds(5), kRedfishClock, nullptr).ok());
  EXPECT_TRUE(board.is_on().value());
  ASSERT_TRUE(switch_to(board, false, std::chrono::seconds(5), kRedfishClock, nullptr).ok());
  ASSERT_TRUE(board.insert_media({}).ok());
  const std::string log = read_file(log_).value();
  EXPECT_THAT(log, HasSubstr(R"("BootSourceOverrideTarget": "Pxe")"));
  EXPECT_THAT(log, HasSubstr(R"(InsertMedia {"Image": "http://127.0.0.1/aios.iso")"));
  EXPECT_THAT(log, HasSubstr(R"({"ResetType": "ForceOff"})"));
  EXPECT_THAT(log, HasSubstr("EjectMedia"));
}

TEST_F(OverRedfish, AWrongPasswordIsAMistakeInTheConfiguration) {
  const auto refused = redfish_switch(power_, "not-the-one").is_on();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_THAT(refused.error().what, HasSubstr("refuses user 'admin'"));
  EXPECT_THAT(refused.error().describe(), Not(HasSubstr("not-the-one")));
}

TEST_F(OverRedfish, AServiceThatFallsSilentIsTheLabs) {
  power_.timeout_seconds = 0.3;
  mock_->signal_group(SIGSTOP);
  const auto silent = redfish_switch(power_, "benchpw").is_on();
  mock_->signal_group(SIGCONT);
  ASSERT_FALSE(silent.ok());
  EXPECT_EQ(silent.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(silent.error().what, HasSubstr("does not answer"));
}

}  // namespace
}  // namespace aios::board
