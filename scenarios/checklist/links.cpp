// SPDX-License-Identifier: Apache-2.0
// Links that a container or a VPN is made of, in network namespaces of their own.
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/container.h"
#include "scenarios/checklist/interface.h"
#include "scenarios/checklist/netlink.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

constexpr std::uint32_t kHere = 0x0a050001, kThere = 0x0a050002;
constexpr std::uint16_t kPort = 4105;
constexpr int kTries = 5;

// `there` waits in the container for a datagram and answers it.
int answer_there(void*) {
  if (!interface_up("eth0") || !set_address("eth0", kThere, 24)) return 1;
  const int socket = udp_socket(kThere, kPort);
  if (socket < 0) return 2;
  container_ready();
  const std::uint32_t from = receive_from(socket, "ping");
  if (from == 0) return 3;
  // Asked again, it answers again; its silence at the end also gives the last answer time to leave the link.
  for (int i = 0; i < kTries; ++i) {
    if (!send_to(socket, from, kPort, "pong")) return 4;
    if (receive_from(socket, "ping") == 0) break;
  }
  return 0;
}

Outcome exchange(Container& container) {
  if (!container.wait_ready()) return no("the other side did not get ready");
  const int socket = udp_socket(kHere, kPort);
  if (socket < 0) return refused("a socket on this side");
  // A link that has just come up may lose a datagram, which says nothing of the link's kind.
  for (int i = 0; i < kTries; ++i) {
    if (!send_to(socket, kThere, kPort, "ping")) return refused("sending");
    if (receive_from(socket, "pong") == kThere) return yes("a datagram went there and another came back");
  }
  return no("no answer came back");
}

Outcome container_veth() {
  if (::unshare(CLONE_NEWNET) != 0) return refused("a network namespace");
  Container container;
  if (!container.start(answer_there, nullptr)) return refused("a container");
  if (!add_veth("veth0", "eth0")) return refused("a pair of veth interfaces");
  if (!move_link("eth0", container.pid())) return refused("moving one of them into the container");
  if (!interface_up("veth0") || !set_address("veth0", kHere, 24)) return refused("veth0's address");
  container.go();
  return exchange(container);
}

Outcome container_bridge() {
  if (::unshare(CLONE_NEWNET) != 0) return refused("a network namespace");
  Container container;
  if (!container.start(answer_there, nullptr)) return refused("a container");
  if (!add_link("br0", "bridge")) return refused("a bridge");
  if (!add_veth("port0", "eth0") || !add_veth("port1", "host0")) return refused("two pairs of veth interfaces");
  if (!move_link("eth0", container.pid())) return refused("moving one end into the container");
  if (!enslave_link("port0", "br0") || !enslave_link("port1", "br0")) return refused("joining them to the bridge");
  for (const char* name : {"br0", "port0", "port1", "host0"}) {
    if (!interface_up(name)) return refused(name);
  }
  if (!set_address("host0", kHere, 24)) return refused("an address for this side");
  container.go();
  return exchange(container);
}

Outcome network_wireguard() {
  if (::unshare(CLONE_NEWNET) != 0) return refused("a network namespace");
  if (!add_link("wg0", "wireguard")) return refused("a WireGuard interface");
  if (!set_address("wg0", kHere, 24) || !interface_up("wg0")) return refused("bringing it up");
  return interface_is_up("wg0") ? yes("wg0 is up with an address") : no("wg0 stays down");
}

Outcome network_tun() {
  if (::unshare(CLONE_NEWNET) != 0) return refused("a network namespace");
  int device = ::open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (device < 0) return refused("/dev/net/tun");
  ifreq request{};
  std::strcpy(request.ifr_name, "tun0");
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (::ioctl(device, TUNSETIFF, &request) != 0) return refused("a TUN interface");
  if (!set_address("tun0", kHere, 24) || !interface_up("tun0")) return refused("bringing it up");
  const int socket = udp_socket(kHere, 0);
  if (socket < 0 || !send_to(socket, kThere, kPort, "through the tunnel")) return refused("sending");
  // The kernel may send packets of its own first.
  for (int packets = 0; packets < 8; ++packets) {
    pollfd ready = {device, POLLIN, 0};
    char packet[2048];
    if (::poll(&ready, 1, 1000) <= 0) break;
    const ssize_t got = ::read(device, packet, sizeof packet);
    if (got > 28 && ::memmem(packet, static_cast<std::size_t>(got), "through the tunnel", 18) != nullptr) {
      return yes("a packet routed to it was read from its file");
    }
  }
  return no("the packet did not come out of its file");
}

constexpr Check kChecks[] = {
    {"container_veth", container_veth},
    {"container_bridge", container_bridge},
    {"network_wireguard", network_wireguard},
    {"network_tun", network_tun},
};

}  // namespace

const Group kLinkChecks = group_of(kChecks);

}  // namespace aios::checklist
