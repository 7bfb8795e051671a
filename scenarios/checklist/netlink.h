// SPDX-License-Identifier: Apache-2.0
// Netlink messages, just enough of them: build one with nested attributes, send it, see whether the kernel said yes.
#pragma once

#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>

namespace aios::checklist {

class NetlinkMessage {
 public:
  // `header`: what stands between the netlink header and the attributes.
  NetlinkMessage(std::uint16_t type, std::uint16_t flags, const void* header, std::size_t size);

  NetlinkMessage& bytes(std::uint16_t type, const void* data, std::size_t size);
  NetlinkMessage& text(std::uint16_t type, const char* value);  // with its zero
  NetlinkMessage& number(std::uint16_t type, std::uint32_t value) { return bytes(type, &value, sizeof value); }
  NetlinkMessage& big_endian(std::uint16_t type, std::uint32_t value);
  NetlinkMessage& begin(std::uint16_t type);  // a nested attribute, until end()
  NetlinkMessage& raw(const void* data, std::size_t size);
  NetlinkMessage& end();

  const void* data() const { return buffer_; }
  std::size_t size() const { return used_; }

 private:
  alignas(4) char buffer_[2048] = {};
  std::size_t used_ = 0;
  std::size_t open_[8] = {};
  int depth_ = 0;
};

// Sends and waits for the acknowledgement. False: errno is the kernel's error.
class NetlinkSocket {
 public:
  explicit NetlinkSocket(int protocol);
  ~NetlinkSocket();
  NetlinkSocket(const NetlinkSocket&) = delete;
  NetlinkSocket& operator=(const NetlinkSocket&) = delete;
  bool ok() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool ask(const NetlinkMessage& message);
  // Several messages in one go (nftables' batches): true when none was refused.
  bool ask_all(const NetlinkMessage* const* messages, int count, int acknowledgements);

 private:
  bool acknowledged(int count);
  int fd_ = -1;
};

// rtnetlink
bool add_link(const char* name, const char* kind);
bool add_veth(const char* name, const char* peer);
bool move_link(const char* name, int to_process);         // into that process's network namespace
bool enslave_link(const char* name, const char* master);  // to a bridge
bool add_default_route(std::uint32_t gateway);

}  // namespace aios::checklist
