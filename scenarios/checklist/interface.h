// SPDX-License-Identifier: Apache-2.0
// Network interfaces by the old ioctls, which every kernel with IPv4 has: up, address, and what they are. Addresses are
// written as 10.1.2.3 in host order: 0x0a010203.
#pragma once

#include <cstdint>

namespace aios::checklist {

bool interface_up(const char* name);
bool interface_is_up(const char* name);
bool set_address(const char* name, std::uint32_t address, int prefix_length);
bool has_address(const char* name, std::uint32_t address);

// A UDP socket bound to address and port (0: any); -1 where refused. It waits at most a second for a datagram.
int udp_socket(std::uint32_t address, std::uint16_t port);
bool send_to(int socket, std::uint32_t address, std::uint16_t port, const char* text);
// The sender's address, or 0 if nothing came or not this text.
std::uint32_t receive_from(int socket, const char* text);

inline constexpr std::uint32_t kLoopback = 0x7f000001;

}  // namespace aios::checklist
