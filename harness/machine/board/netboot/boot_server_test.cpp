// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/netboot/boot_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "harness/support/files.h"

namespace aios::board {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const SystemClock kServerClock;

sockaddr_in loopback(int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

int free_udp_port() {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM, 0));
  sockaddr_in any = loopback(0);
  socklen_t size = sizeof any;
  EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&any), &size);
  return ntohs(any.sin_port);
}

// A client of the fewest words. What came, or the error's text.
std::string tftp_get(int port, const std::string& name, const std::string& options = {}, char opcode = 1) {
  const UniqueFd fd(::socket(AF_INET, SOCK_DGRAM, 0));
  const timeval patience{5, 0};
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const sockaddr_in server = loopback(port);
  const std::string request = std::string("\0", 1) + opcode + name + '\0' + "octet" + '\0' + options;
  ::sendto(fd.get(), request.data(), request.size(), 0, reinterpret_cast<const sockaddr*>(&server), sizeof server);
  std::string out;
  std::size_t block = options.find("blksize") == std::string::npos ? 512 : 1024;
  for (;;) {
    std::array<char, 2048> bytes{};
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t got = ::recvfrom(fd.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (got < 4) return "nothing came";
    const std::string_view packet(bytes.data(), static_cast<std::size_t>(got));
    if (packet[1] == 5) return "error: " + std::string(packet.substr(4).data());
    std::string answer("\0\4\0\0", 4);
    if (packet[1] == 3) {
      answer[2] = packet[2];
      answer[3] = packet[3];
      out += packet.substr(4);
    }
    ::sendto(fd.get(), answer.data(), answer.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
    if (packet[1] == 3 && packet.size() - 4 < block) return out;
  }
}

std::string http(int port, const std::string& request) {
  const UniqueFd fd(::socket(AF_INET, SOCK_STREAM, 0));
  const sockaddr_in server = loopback(port);
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0) return "no connection";
  EXPECT_EQ(::send(fd.get(), request.data(), request.size(), 0), static_cast<ssize_t>(request.size()));
  std::string out;
  std::array<char, 65536> bytes{};
  for (ssize_t got; (got = ::recv(fd.get(), bytes.data(), bytes.size(), 0)) > 0;) {
    out.append(bytes.data(), static_cast<std::size_t>(got));
  }
  return out;
}

class Served : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 1'000'000; ++i) large_ += static_cast<char>(i * 7);
    ASSERT_TRUE(write_file_atomic(folder_.path() / "large", large_).ok());
    plan_.tftp_port = free_udp_port();
    plan_.files["small"] = {"#!ipxe\n", {}};
    plan_.files["exact"] = {std::string(1024, 'x'), {}};
    plan_.files["large"] = {{}, folder_.path() / "large"};
    server_ = BootServer::start(plan_, kServerClock).value();
  }
  ScratchFolder folder_ = ScratchFolder::create().value();
  std::string large_;
  ServePlan plan_;
  std::unique_ptr<BootServer> server_;
};

TEST_F(Served, FilesOverTftp) {
  EXPECT_EQ(tftp_get(plan_.tftp_port, "small"), "#!ipxe\n");
  EXPECT_EQ(tftp_get(plan_.tftp_port, "/small"), "#!ipxe\n");
  EXPECT_EQ(tftp_get(plan_.tftp_port, "exact"), std::string(1024, 'x')) << "a last block of nothing ends it";
  const std::string options =
      std::string("blksize\0", 8) + std::string("1024\0", 5) + std::string("tsize\0", 6) + std::string("0\0", 2);
  EXPECT_EQ(tftp_get(plan_.tftp_port, "large", options), large_);
  auto fetches = server_->fetches();
  // The last acknowledgement is still under way.
  for (int i = 0; i < 200 && fetches.back().done == Duration{0}; ++i) {
    ::poll(nullptr, 0, 10);
    fetches = server_->fetches();
  }
  ASSERT_EQ(fetches.size(), 4U);
  EXPECT_EQ(fetches[3].file, "large");
  EXPECT_GT(fetches[3].done, fetches[3].begun);
}

TEST_F(Served, WhatIsNotThereOverTftp) {
  EXPECT_THAT(tftp_get(plan_.tftp_port, "../etc/passwd"), HasSubstr("no such file"));
  EXPECT_THAT(tftp_get(plan_.tftp_port, "small", {}, 2), HasSubstr("read-only"));
}

TEST_F(Served, FilesOverHttp) {
  const std::string whole = http(server_->http_port(), "GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(whole, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(whole.substr(whole.find("\r\n\r\n") + 4), large_);
  const std::string part = http(server_->http_port(), "GET /large HTTP/1.1\r\nrange: bytes=10-19\r\n\r\n");
  EXPECT_THAT(part, StartsWith("HTTP/1.1 206"));
  EXPECT_EQ(part.substr(part.find("\r\n\r\n") + 4), large_.substr(10, 10));
  const std::string head = http(server_->http_port(), "HEAD /large HTTP/1.1\r\n\r\n");
  EXPECT_THAT(head, HasSubstr("Content-Length: 1000000"));
  EXPECT_EQ(head.substr(head.find("\r\n\r\n") + 4), "");
  EXPECT_THAT(http(server_->http_port(), "GET /../etc/passwd HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(http(server_->http_port(), "PUT /small HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(http(server_->http_port(), "rubbish\r\n\r\n"), StartsWith("HTTP/1.1 400"));
}

TEST_F(Served, APortThatIsTakenIsNamed) {
  const auto second = BootServer::start(plan_, kServerClock);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, ErrorKind::infra_fault);
  EXPECT_THAT(second.error().what, HasSubstr("TFTP port is taken"));
  EXPECT_THAT(second.error().hint, HasSubstr("boot.tftp_port"));
  server_.reset();
  EXPECT_TRUE(BootServer::start(plan_, kServerClock).ok()) << "nothing is left behind";
}

}  // namespace
}  // namespace aios::board
