// SPDX-License-Identifier: Apache-2.0
// The network as the machine has it, and what hangs on the PCI bus.
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/interface.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(kLoopback);
  place.sin_port = htons(port);
  return place;
}

Outcome network_loopback() {
  if (!interface_up("lo")) return refused("lo does not come up");
  if (!has_address("lo", kLoopback) && !set_address("lo", kLoopback, 8)) return refused("lo takes no address");
  return has_address("lo", kLoopback) ? yes("lo is up with 127.0.0.1") : no("lo has not 127.0.0.1");
}

std::uint16_t checksum(const void* data, std::size_t size) {
  const auto* words = static_cast<const std::uint16_t*>(data);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < size / 2; ++i) sum += words[i];
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~(sum + (sum >> 16)));
}

Outcome network_ping() {
  interface_up("lo");
  const int socket = ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
  if (socket < 0) return refused("a raw socket");
  const timeval second = {1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  icmphdr echo{};
  echo.type = ICMP_ECHO;
  echo.un.echo.id = htons(0xa105);
  echo.checksum = checksum(&echo, sizeof echo);
  const sockaddr_in place = loopback(0);
  if (::sendto(socket, &echo, sizeof echo, 0, reinterpret_cast<const sockaddr*>(&place), sizeof place) < 0) {
    return refused("sending an echo request");
  }
  // One's own request comes by as well.
  for (int packets = 0; packets < 4; ++packets) {
    unsigned char packet[256];
    const ssize_t got = ::recv(socket, packet, sizeof packet, 0);
    const std::size_t header = static_cast<std::size_t>(packet[0] & 15) * 4;
    if (got < static_cast<ssize_t>(header + sizeof echo)) return no("no answer");
    icmphdr answer;
    std::memcpy(&answer, packet + header, sizeof answer);
    if (answer.type == ICMP_ECHOREPLY && answer.un.echo.id == echo.un.echo.id) return yes("127.0.0.1 answered");
  }
  return no("no answer among the packets that came");
}

Outcome network_tcp() {
  interface_up("lo");
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) return refused("a TCP socket");
  sockaddr_in place = loopback(0);
  socklen_t size = sizeof place;
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&place), size) != 0 || ::listen(listener, 1) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&place), &size) != 0) {
    return refused("listening");
  }
  const int child = fork_child();
  if (child == 0) {
    char text[16] = {};
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(client, reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) leave(1);
    if (::write(client, "question", 8) != 8 || ::read(client, text, sizeof text) != 6) leave(2);
    leave(std::strcmp(text, "answer") == 0 ? 0 : 3);
  }
  const int server = ::accept(listener, nullptr, nullptr);
  char text[16] = {};
  if (server < 0 || ::read(server, text, sizeof text) != 8 || std::strcmp(text, "question") != 0) {
    return no("the question did not arrive");
  }
  if (::write(server, "answer", 6) != 6) return refused("answering");
  return reap_child(child) == 0 ? yes("a question and its answer over lo") : no("the answer did not arrive");
}

// The first interface that a device stands behind.
Outcome network_interface() {
  DIR* folder = ::opendir("/sys/class/net");
  if (folder == nullptr) return skip("no /sys/class/net");
  char card[32] = {};
  while (const dirent* entry = ::readdir(folder)) {
    char path[320];
    std::snprintf(path, sizeof path, "/sys/class/net/%s/device", entry->d_name);
    if (entry->d_name[0] != '.' && exists(path)) std::snprintf(card, sizeof card, "%.31s", entry->d_name);
  }
  ::closedir(folder);
  if (card[0] == '\0') return skip("no network card that the kernel drives");
  if (!interface_up(card)) return refused(card);
  return interface_is_up(card) ? yes("%s is up", card) : no("%s stays down", card);
}

Outcome gpu_detected() {
  DIR* folder = ::opendir("/sys/bus/pci/devices");
  if (folder == nullptr) return skip("no PCI bus");
  Outcome outcome = skip("no display-class PCI device in this machine");
  while (const dirent* entry = ::readdir(folder)) {
    char path[320], text[32];
    std::snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/class", entry->d_name);
    if (!read_text(path, text, sizeof text) || std::strtoul(text, nullptr, 16) >> 16 != 3) continue;
    std::snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/driver", entry->d_name);
    outcome = exists(path) ? yes("%.40s has a driver", entry->d_name) : no("%.40s has no driver", entry->d_name);
    if (outcome.kind == Outcome::yes) break;
  }
  ::closedir(folder);
  return outcome;
}

constexpr Check kChecks[] = {
    {"network_loopback", network_loopback}, {"network_interface", network_interface}, {"network_ping", network_ping},
    {"network_tcp", network_tcp},           {"gpu_detected", gpu_detected},
};

}  // namespace

const Group kNetworkChecks = group_of(kChecks);

}  // namespace aios::checklist
