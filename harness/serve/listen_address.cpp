// SPDX-License-Identifier: Apache-2.0
#include "harness/serve/listen_address.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstring>

namespace aios {
namespace {

union AnyAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

socklen_t fill(const ListenAddress& address, AnyAddress& out) {
  std::memset(&out, 0, sizeof out);
  if (address.v6) {
    out.v6.sin6_family = AF_INET6;
    out.v6.sin6_port = htons(static_cast<std::uint16_t>(address.port));
    inet_pton(AF_INET6, address.host.c_str(), &out.v6.sin6_addr);
    return sizeof out.v6;
  }
  out.v4.sin_family = AF_INET;
  out.v4.sin_port = htons(static_cast<std::uint16_t>(address.port));
  inet_pton(AF_INET, address.host.c_str(), &out.v4.sin_addr);
  return sizeof out.v4;
}

Error bind_error(const ListenAddress& address, int number) {
  const std::string where = address.text();
  if (number == EADDRINUSE) {
    return infra_fault(fmt::format("port {} is taken: another program listens there", address.port), where,
                       "end that program, or take another port: --listen HOST:PORT (port 0: any that is free)");
  }
  if (number == EADDRNOTAVAIL) return config_error("this machine has no such address", where, "ip addr shows them");
  if (number == EACCES) {
    return config_error(fmt::format("port {} needs rights that this user has not", address.port), where,
                        "take one above 1023");
  }
  return system_error("cannot listen", where, number);
}

}  // namespace

bool ListenAddress::loopback() const { return v6 ? host == "::1" : host.starts_with("127."); }

std::string ListenAddress::text() const {
  return v6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Result<ListenAddress> parse_listen_address(const std::string& text) {
  constexpr const char* kHint = "for example 127.0.0.1:9464 or [::1]:9464";
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) {
    return config_error(fmt::format("'{}' is not of the form HOST:PORT", text), "--listen", kHint);
  }
  ListenAddress out;
  out.host = text.substr(0, colon);
  const char* begin = text.data() + colon + 1;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(begin, end, out.port);
  if (error != std::errc() || stop != end || out.port < 0 || out.port > 65535) {
    return config_error(fmt::format("'{}' is no port", text.substr(colon + 1)), "--listen", kHint);
  }
  if (out.host == "localhost") out.host = "127.0.0.1";
  in6_addr scratch{};
  if (out.host.starts_with('[') && out.host.ends_with(']')) {
    out.host = out.host.substr(1, out.host.size() - 2);
    out.v6 = true;
  }
  if (inet_pton(out.v6 ? AF_INET6 : AF_INET, out.host.c_str(), &scratch) != 1) {
    return config_error(fmt::format("'{}' is no address", out.host), "--listen", kHint);
  }
  return out;
}

Result<UniqueFd> listen_on(const ListenAddress& address) {
  UniqueFd fd(socket(address.v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return system_error("cannot make a socket", address.text(), errno);
  const int yes = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  AnyAddress at;
  const socklen_t size = fill(address, at);
  if (bind(fd.get(), &at.any, size) != 0 || listen(fd.get(), 16) != 0) return bind_error(address, errno);
  return fd;
}

int port_of(const UniqueFd& socket) {
  AnyAddress at;
  socklen_t size = sizeof at;
  if (getsockname(socket.get(), &at.any, &size) != 0) return 0;
  return ntohs(at.any.sa_family == AF_INET6 ? at.v6.sin6_port : at.v4.sin_port);
}

}  // namespace aios
