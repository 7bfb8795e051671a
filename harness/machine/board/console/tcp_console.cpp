// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "harness/machine/board/console/console.h"
#include "harness/support/unique_fd.h"

namespace aios::board {

Result<ConsoleWire> open_tcp(const BoardConsole& console, Duration at_most) {
  const auto colon = console.address.rfind(':');
  const std::string host = console.address.substr(0, colon), port = console.address.substr(colon + 1);
  addrinfo wanted{}, *found = nullptr;
  wanted.ai_socktype = SOCK_STREAM;
  if (const int code = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found); code != 0) {
    return config_error(fmt::format("there is no console at '{}': {}", console.address, ::gai_strerror(code)),
                        "machine file");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  int code = ECONNREFUSED;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    auto line = std::make_shared<UniqueFd>(::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!*line) continue;
    code = ::connect(line->get(), each->ai_addr, each->ai_addrlen) == 0 ? 0 : errno;
    if (code == EINPROGRESS) {
      pollfd wait{line->get(), POLLOUT, 0};
      code = ETIMEDOUT;
      if (::poll(&wait, 1, static_cast<int>(at_most.count() / 1'000'000)) == 1) {
        socklen_t size = sizeof code;
        ::getsockopt(line->get(), SOL_SOCKET, SO_ERROR, &code, &size);
      }
    }
    if (code != 0) continue;
    const int yes = 1;
    ::setsockopt(line->get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    // A cable that is pulled says nothing: keep-alive finds out.
    ::setsockopt(line->get(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    return ConsoleWire{.fd = line->get(), .owner = line, .why_lost = {}, .give_up = {}};
  }
  Error error = system_error("the console cannot be reached", console.address, code);
  error.hint = "is the terminal server (ser2net, in raw mode) up?";
  return error;
}

}  // namespace aios::board
