// SPDX-License-Identifier: Apache-2.0
#include "scenarios/checklist/netlink.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace aios::checklist {

NetlinkMessage::NetlinkMessage(std::uint16_t type, std::uint16_t flags, const void* header, std::size_t size) {
  nlmsghdr own{};
  own.nlmsg_type = type;
  own.nlmsg_flags = static_cast<std::uint16_t>(flags | NLM_F_REQUEST);
  raw(&own, sizeof own).raw(header, size);
}

NetlinkMessage& NetlinkMessage::raw(const void* data, std::size_t size) {
  if (size > 0 && used_ + NLMSG_ALIGN(size) <= sizeof buffer_) {
    std::memcpy(buffer_ + used_, data, size);
    used_ += NLMSG_ALIGN(size);
    const auto length = static_cast<std::uint32_t>(used_);
    std::memcpy(buffer_, &length, sizeof length);
  }
  return *this;
}

NetlinkMessage& NetlinkMessage::bytes(std::uint16_t type, const void* data, std::size_t size) {
  const nlattr attribute = {static_cast<std::uint16_t>(sizeof(nlattr) + size), type};
  return raw(&attribute, sizeof attribute).raw(data, size);
}
NetlinkMessage& NetlinkMessage::text(std::uint16_t type, const char* value) {
  return bytes(type, value, std::strlen(value) + 1);
}
NetlinkMessage& NetlinkMessage::big_endian(std::uint16_t type, std::uint32_t value) {
  return number(type, htonl(value));
}
NetlinkMessage& NetlinkMessage::begin(std::uint16_t type) {
  open_[depth_++] = used_;
  const nlattr attribute = {0, type};
  return raw(&attribute, sizeof attribute);
}
NetlinkMessage& NetlinkMessage::end() {
  const std::size_t at = open_[--depth_];
  const auto length = static_cast<std::uint16_t>(used_ - at);
  std::memcpy(buffer_ + at, &length, sizeof length);
  return *this;
}

NetlinkSocket::NetlinkSocket(int protocol) : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol)) {
  const timeval second = {1, 0};
  if (fd_ >= 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
}
NetlinkSocket::~NetlinkSocket() {
  if (fd_ >= 0) ::close(fd_);
}

bool NetlinkSocket::acknowledged(int count) {
  int error = 0;
  while (count > 0) {
    alignas(4) char answer[8192];
    const ssize_t got = ::recv(fd_, answer, sizeof answer, 0);
    if (got <= 0) return false;
    int left = static_cast<int>(got);
    for (auto* part = reinterpret_cast<nlmsghdr*>(answer); NLMSG_OK(part, left); part = NLMSG_NEXT(part, left)) {
      if (part->nlmsg_type != NLMSG_ERROR) continue;
      const auto* result = static_cast<const nlmsgerr*>(NLMSG_DATA(part));
      if (error == 0) error = -result->error;
      --count;
    }
    if (error != 0) break;
  }
  errno = error;
  return error == 0;
}

bool NetlinkSocket::ask(const NetlinkMessage& message) {
  const NetlinkMessage* const one[] = {&message};
  return ask_all(one, 1, 1);
}

bool NetlinkSocket::ask_all(const NetlinkMessage* const* messages, int count, int acknowledgements) {
  char all[8192];
  std::size_t used = 0;
  for (int i = 0; i < count; ++i) {
    if (used + messages[i]->size() > sizeof all) return errno = ENOBUFS, false;
    std::memcpy(all + used, messages[i]->data(), messages[i]->size());
    used += messages[i]->size();
  }
  if (::send(fd_, all, used, 0) != static_cast<ssize_t>(used)) return false;
  return acknowledged(acknowledgements);
}

namespace {

constexpr std::uint16_t kNew = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;

bool tell(const NetlinkMessage& message) {
  NetlinkSocket socket(NETLINK_ROUTE);
  return socket.ok() && socket.ask(message);
}

ifinfomsg link_index(const char* name) {
  ifinfomsg link{};
  link.ifi_family = AF_UNSPEC;
  if (name != nullptr) link.ifi_index = static_cast<int>(::if_nametoindex(name));
  return link;
}

}  // namespace

bool add_link(const char* name, const char* kind) {
  const ifinfomsg link = link_index(nullptr);
  NetlinkMessage message(RTM_NEWLINK, kNew, &link, sizeof link);
  message.text(IFLA_IFNAME, name).begin(IFLA_LINKINFO).text(IFLA_INFO_KIND, kind).end();
  return tell(message);
}

bool add_veth(const char* name, const char* peer) {
  const ifinfomsg link = link_index(nullptr);
  NetlinkMessage message(RTM_NEWLINK, kNew, &link, sizeof link);
  message.text(IFLA_IFNAME, name).begin(IFLA_LINKINFO).text(IFLA_INFO_KIND, "veth").begin(IFLA_INFO_DATA);
  message.begin(VETH_INFO_PEER).raw(&link, sizeof link).text(IFLA_IFNAME, peer).end().end().end();
  return tell(message);
}

bool move_link(const char* name, int to_process) {
  const ifinfomsg link = link_index(name);
  NetlinkMessage message(RTM_NEWLINK, NLM_F_ACK, &link, sizeof link);
  message.number(IFLA_NET_NS_PID, static_cast<std::uint32_t>(to_process));
  return tell(message);
}

bool enslave_link(const char* name, const char* master) {
  const ifinfomsg link = link_index(name);
  NetlinkMessage message(RTM_NEWLINK, NLM_F_ACK, &link, sizeof link);
  message.number(IFLA_MASTER, ::if_nametoindex(master));
  return tell(message);
}

bool add_default_route(std::uint32_t gateway) {
  rtmsg route{};
  route.rtm_family = AF_INET;
  route.rtm_table = RT_TABLE_MAIN;
  route.rtm_protocol = RTPROT_BOOT;
  route.rtm_scope = RT_SCOPE_UNIVERSE;
  route.rtm_type = RTN_UNICAST;
  NetlinkMessage message(RTM_NEWROUTE, kNew, &route, sizeof route);
  message.big_endian(RTA_GATEWAY, gateway);
  return tell(message);
}

}  // namespace aios::checklist
