// SPDX-License-Identifier: Apache-2.0
// The two protocols of the boot server, each a set of descriptors to poll and what to do when they are ready. Both are
// fed from the network, so everything is bounded: transfers at once, length of a request, time without an answer.
#pragma once

#include <netinet/in.h>
#include <poll.h>

#include <list>

#include "harness/machine/board/netboot/boot_server.h"

namespace aios::board {

// RFC 1350 with the options of 2347 to 2349: blksize, timeout, tsize. Octet and netascii are served alike.
class TftpSide {
 public:
  TftpSide(BootServer& server, const std::string& bind) : server_(server), bind_(bind) {}
  void add_polls(std::vector<pollfd>& polls) const;
  void ready(int fd);
  void tick();  // sends again what was not answered, forgets who is gone

 private:
  struct Transfer {
    UniqueFd fd;
    std::shared_ptr<const BootServer::Content> content;
    std::size_t fetch = 0, block_size = 512;
    std::uint64_t block = 0;  // the one that is under way
    bool options = false;     // block 0 is their acknowledgement
    Duration interval = std::chrono::seconds(1), sent{0};
    int tries = 0;
    std::string packet;
    bool over = false;
  };
  void request();
  void answer(Transfer& transfer);
  void send_block(Transfer& transfer);
  void send(Transfer& transfer);
  void refuse(const sockaddr_storage& to, socklen_t size, int code, const std::string& why) const;

  BootServer& server_;
  std::string bind_;
  std::list<Transfer> transfers_;
};

// GET and HEAD of HTTP/1.1, one request a connection, with the single byte ranges that a BMC reads an ISO by.
class HttpSide {
 public:
  explicit HttpSide(BootServer& server) : server_(server) {}
  void add_polls(std::vector<pollfd>& polls) const;
  void ready(int fd, short events);
  void tick();

 private:
  struct Connection {
    UniqueFd fd;
    std::string request, out;
    std::shared_ptr<const BootServer::Content> content;
    std::uint64_t at = 0, end = 0;  // of the content, still to be sent
    std::size_t fetch = 0;
    bool answering = false, counted = false, over = false;
    Duration last{0};
  };
  void accept_one();
  void read(Connection& connection);
  void write(Connection& connection);
  void answer(Connection& connection);

  BootServer& server_;
  std::list<Connection> connections_;
};

}  // namespace aios::board
