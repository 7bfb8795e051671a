// SPDX-License-Identifier: Apache-2.0
// Where a server listens, as a person writes it: "127.0.0.1:9464", "[::1]:9464", "localhost:9464", "0.0.0.0:0" (any
// free port). An address, never a name that a resolver could turn into another one.
#pragma once

#include <string>

#include "harness/support/result.h"
#include "harness/support/unique_fd.h"

namespace aios {

struct ListenAddress {
  std::string host;  // "127.0.0.1", "::1"
  int port = 0;
  bool v6 = false;

  bool loopback() const;     // only this machine reaches it
  std::string text() const;  // "127.0.0.1:9464", "[::1]:9464"
};

Result<ListenAddress> parse_listen_address(const std::string& text);

// A listening socket, close-on-exec. A port that is taken, an address that is not this machine's and a port that needs
// root each have their own words.
Result<UniqueFd> listen_on(const ListenAddress& address);
int port_of(const UniqueFd& socket);

}  // namespace aios
