// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <strings.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>

#include "harness/machine/board/netboot/server_sides.h"
#include "harness/support/text.h"

namespace aios::board {
namespace {

constexpr std::size_t kMostConnections = 32, kMostRequest = 16U << 10, kPart = 256U << 10;
constexpr Duration kPatience = std::chrono::seconds(60);

struct ByteRange {
  std::uint64_t first = 0, end = 0;
};

// "bytes=0-99", "bytes=100-", "bytes=-5". Empty: no range, or none that is understood; all is sent then.
std::optional<ByteRange> parse_range(std::string_view value, std::uint64_t size) {
  value = trim(value);
  if (!value.starts_with("bytes=") || value.find(',') != std::string_view::npos) return std::nullopt;
  value.remove_prefix(6);
  const auto dash = value.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view text) -> std::optional<std::uint64_t> {
    std::uint64_t out = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional(out) : std::nullopt;
  };
  const auto first = number(value.substr(0, dash)), last = number(value.substr(dash + 1));
  if (!first && !last) return std::nullopt;
  if (!first) return ByteRange{size - std::min(*last, size), size};
  return ByteRange{*first, last ? std::min(*last, size - 1) + 1 : size};
}

std::string header_of(const std::string& request, const char* name) {
  for (const std::string& line : split(request, '\n')) {
    const auto colon = line.find(':');
    if (colon != std::string::npos && ::strcasecmp(line.substr(0, colon).c_str(), name) == 0) {
      return std::string(trim(line.substr(colon + 1)));
    }
  }
  return {};
}

}  // namespace

void HttpSide::add_polls(std::vector<pollfd>& polls) const {
  if (connections_.size() < kMostConnections) polls.push_back({server_.http_.get(), POLLIN, 0});
  for (const Connection& each : connections_) {
    polls.push_back({each.fd.get(), static_cast<short>(each.answering ? POLLOUT : POLLIN), 0});
  }
}

void HttpSide::ready(int fd, short) {
  if (fd == server_.http_.get()) return accept_one();
  for (Connection& each : connections_) {
    if (each.fd.get() != fd) continue;
    each.last = server_.clock_->monotonic();
    return each.answering ? write(each) : read(each);
  }
}

void HttpSide::accept_one() {
  UniqueFd fd(::accept4(server_.http_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!fd) return;
  Connection& connection = connections_.emplace_back();
  connection.fd = std::move(fd);
  connection.last = server_.clock_->monotonic();
}

void HttpSide::read(Connection& connection) {
  std::array<char, 4096> bytes{};
  const ssize_t got = ::recv(connection.fd.get(), bytes.data(), bytes.size(), 0);
  if (got <= 0) {
    connection.over = got == 0 || (errno != EAGAIN && errno != EINTR);
    return;
  }
  connection.request.append(bytes.data(), static_cast<std::size_t>(got));
  if (connection.request.size() > kMostRequest) connection.over = true;
  if (connection.request.find("\r\n\r\n") != std::string::npos) answer(connection);
}

void HttpSide::answer(Connection& connection) {
  connection.answering = true;
  const auto words = split_words(connection.request.substr(0, connection.request.find('\r')));
  const auto refuse = [&](const char* status) {
    connection.out = fmt::format("HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status);
  };
  if (words.size() < 3 || !words[2].starts_with("HTTP/")) return refuse("400 Bad Request");
  const bool head = words[0] == "HEAD";
  if (!head && words[0] != "GET") return refuse("405 Method Not Allowed");
  std::string name = words[1].substr(0, words[1].find('?'));
  name.erase(0, name.find_first_not_of('/'));
  const auto content = server_.find(name);
  if (!content) return refuse("404 Not Found");
  ByteRange range{0, content->size};
  const auto asked = parse_range(header_of(connection.request, "Range"), content->size);
  if (asked) range = *asked;
  if (range.first >= range.end && content->size > 0) return refuse("416 Range Not Satisfiable");
  connection.out = fmt::format(
      "HTTP/1.1 {}\r\nContent-Length: {}\r\nContent-Type: application/octet-stream\r\nAccept-Ranges: bytes\r\n",
      asked ? "206 Partial Content" : "200 OK", range.end - range.first);
  if (asked) {
    connection.out += fmt::format("Content-Range: bytes {}-{}/{}\r\n", range.first, range.end - 1, content->size);
  }
  connection.out += "Connection: close\r\n\r\n";
  if (head) return;
  connection.content = content;
  connection.at = range.first;
  connection.end = range.end;
  connection.fetch = server_.begun(name);
  connection.counted = true;
}

void HttpSide::write(Connection& connection) {
  if (connection.out.empty() && connection.at < connection.end) {
    const auto left = std::min<std::uint64_t>(kPart, connection.end - connection.at);
    connection.out = connection.content->part(connection.at, static_cast<std::size_t>(left));
    if (connection.out.empty()) connection.over = true;  // the file shrank
    connection.at += connection.out.size();
  }
  const ssize_t done = ::send(connection.fd.get(), connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
  if (done < 0) {
    connection.over = errno != EAGAIN && errno != EINTR;
    return;
  }
  connection.out.erase(0, static_cast<std::size_t>(done));
  if (!connection.out.empty() || connection.at < connection.end) return;
  if (connection.counted) server_.done(connection.fetch);
  connection.over = true;
}

void HttpSide::tick() {
  const Duration now = server_.clock_->monotonic();
  connections_.remove_if([&](const Connection& each) { return each.over || now - each.last > kPatience; });
}

}  // namespace aios::board
