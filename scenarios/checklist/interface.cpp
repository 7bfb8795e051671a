// SPDX-License-Identifier: Apache-2.0
#include "scenarios/checklist/interface.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace aios::checklist {
namespace {

sockaddr_in at(std::uint32_t address, std::uint16_t port = 0) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(address);
  place.sin_port = htons(port);
  return place;
}

bool ask(unsigned long request, ifreq& what) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  const bool done = ::ioctl(socket, request, &what) == 0;
  ::close(socket);
  return done;
}

ifreq named(const char* name) {
  ifreq request{};
  std::snprintf(request.ifr_name, sizeof request.ifr_name, "%s", name);
  return request;
}

void put(sockaddr& where, std::uint32_t address) {
  const sockaddr_in place = at(address);
  std::memcpy(&where, &place, sizeof where);
}

}  // namespace

bool interface_up(const char* name) {
  ifreq request = named(name);
  if (!ask(SIOCGIFFLAGS, request)) return false;
  request.ifr_flags |= IFF_UP;
  return ask(SIOCSIFFLAGS, request);
}

bool interface_is_up(const char* name) {
  ifreq request = named(name);
  return ask(SIOCGIFFLAGS, request) && (request.ifr_flags & IFF_UP) != 0;
}

bool set_address(const char* name, std::uint32_t address, int prefix_length) {
  ifreq request = named(name);
  put(request.ifr_addr, address);
  if (!ask(SIOCSIFADDR, request)) return false;
  put(request.ifr_netmask, ~std::uint32_t{0} << (32 - prefix_length));
  return ask(SIOCSIFNETMASK, request);
}

bool has_address(const char* name, std::uint32_t address) {
  ifreq request = named(name);
  if (!ask(SIOCGIFADDR, request)) return false;
  sockaddr_in place{};
  std::memcpy(&place, &request.ifr_addr, sizeof request.ifr_addr);
  return ntohl(place.sin_addr.s_addr) == address;
}

int udp_socket(std::uint32_t address, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return -1;
  const timeval second = {1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  const sockaddr_in place = at(address, port);
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&place), sizeof place) == 0) return socket;
  ::close(socket);
  return -1;
}

bool send_to(int socket, std::uint32_t address, std::uint16_t port, const char* text) {
  const sockaddr_in place = at(address, port);
  const auto length = static_cast<ssize_t>(std::strlen(text));
  return ::sendto(socket, text, static_cast<std::size_t>(length), 0, reinterpret_cast<const sockaddr*>(&place),
                  sizeof place) == length;
}

std::uint32_t receive_from(int socket, const char* text) {
  char found[128] = {};
  sockaddr_in place{};
  socklen_t size = sizeof place;
  const ssize_t got = ::recvfrom(socket, found, sizeof found - 1, 0, reinterpret_cast<sockaddr*>(&place), &size);
  return got > 0 && std::strcmp(found, text) == 0 ? ntohl(place.sin_addr.s_addr) : 0;
}

}  // namespace aios::checklist
