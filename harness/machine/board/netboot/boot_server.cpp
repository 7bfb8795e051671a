// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/netboot/boot_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "harness/machine/board/netboot/server_sides.h"

namespace aios::board {
namespace {

constexpr std::size_t kMostFetches = 4096;
constexpr int kTickMs = 100;

Result<UniqueFd> listen_on(const std::string& bind, int port, int type, const char* what) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::inet_pton(AF_INET, bind.c_str(), &address.sin_addr) != 1) {
    return config_error(fmt::format("'{}' is no IPv4 address to listen on", bind), "boot.bind");
  }
  UniqueFd fd(::socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return system_error("cannot make a socket", what, errno);
  const int yes = 1;
  if (type == SOCK_STREAM) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      (type == SOCK_DGRAM || ::listen(fd.get(), 16) == 0)) {
    return fd;
  }
  const int code = errno;
  const std::string where = fmt::format("{}:{}", bind, port);
  if (code == EADDRINUSE) {
    return infra_fault(fmt::format("the {} port is taken", what), where,
                       fmt::format("who has it: ss -lnp 'sport = :{}'; or another boot.{}_port", port,
                                   type == SOCK_DGRAM ? "tftp" : "http"));
  }
  if (code == EACCES) {
    return config_error(fmt::format("the {} port is only for root", what), where,
                        "sysctl net.ipv4.ip_unprivileged_port_start=69, or a port above 1023 that DHCP names");
  }
  if (code == EADDRNOTAVAIL) return config_error(fmt::format("'{}' is no address of this host", bind), "boot.bind");
  return system_error(fmt::format("the {} port cannot be had", what), where, code);
}

int bound_port(const UniqueFd& fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

std::string BootServer::Content::part(std::uint64_t at, std::size_t length) const {
  if (at >= size) return {};
  length = static_cast<std::size_t>(std::min<std::uint64_t>(length, size - at));
  if (!fd) return text.substr(at, length);
  std::string out(length, '\0');
  std::size_t have = 0;
  while (have < length) {
    const ssize_t got = ::pread(fd.get(), out.data() + have, length - have, static_cast<off_t>(at + have));
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  out.resize(have);
  return out;
}

Result<std::unique_ptr<BootServer>> BootServer::start(const ServePlan& plan, const Clock& clock) {
  std::unique_ptr<BootServer> server(new BootServer(clock));
  server->bind_ = plan.bind;
  if (plan.tftp_port != 0) {
    server->tftp_ = TRY(listen_on(plan.bind, plan.tftp_port, SOCK_DGRAM, "TFTP"));
    server->tftp_port_ = bound_port(server->tftp_);
  }
  server->http_ = TRY(listen_on(plan.bind, plan.http_port, SOCK_STREAM, "HTTP"));
  server->http_port_ = bound_port(server->http_);
  server->wake_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  for (const auto& [name, file] : plan.files) TRY(server->add(name, file));
  server->thread_ = std::thread([raw = server.get()] { raw->serve(); });
  return server;
}

BootServer::~BootServer() {
  stop_ = true;
  const std::uint64_t one = 1;
  if (wake_ && ::write(wake_.get(), &one, sizeof one) < 0) stop_ = true;  // the next tick sees it
  if (thread_.joinable()) thread_.join();
}

Status BootServer::add(const std::string& name, const ServedFile& file) {
  auto content = std::make_shared<Content>();
  if (file.path.empty()) {
    content->text = file.text;
    content->size = file.text.size();
  } else {
    content->fd.reset(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (!content->fd || ::fstat(content->fd.get(), &info) != 0) {
      return system_error("cannot serve a file", file.path.string(), errno);
    }
    content->size = static_cast<std::uint64_t>(info.st_size);
  }
  const std::lock_guard lock(mutex_);
  contents_[name] = std::move(content);
  return {};
}

std::vector<Fetch> BootServer::fetches() const {
  const std::lock_guard lock(mutex_);
  return fetches_;
}

std::shared_ptr<const BootServer::Content> BootServer::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = contents_.find(name);
  return found == contents_.end() ? nullptr : found->second;
}

std::size_t BootServer::begun(const std::string& name) {
  const std::lock_guard lock(mutex_);
  if (fetches_.size() >= kMostFetches) return kMostFetches;
  fetches_.push_back({name, clock_->monotonic(), Duration{0}});
  return fetches_.size() - 1;
}

void BootServer::done(std::size_t fetch) {
  const std::lock_guard lock(mutex_);
  if (fetch < fetches_.size()) fetches_[fetch].done = clock_->monotonic();
}

void BootServer::serve() {
  TftpSide tftp(*this, bind_);
  HttpSide http(*this);
  std::vector<pollfd> polls;
  while (!stop_) {
    polls.assign(1, {wake_.get(), POLLIN, 0});
    tftp.add_polls(polls);
    const std::size_t first_http = polls.size();
    http.add_polls(polls);
    if (::poll(polls.data(), polls.size(), kTickMs) < 0 && errno != EINTR) return;
    for (std::size_t i = 1; i < polls.size(); ++i) {
      if (polls[i].revents == 0) continue;
      if (i < first_http) {
        tftp.ready(polls[i].fd);
      } else {
        http.ready(polls[i].fd, polls[i].revents);
      }
    }
    tftp.tick();
    http.tick();
  }
}

}  // namespace aios::board
