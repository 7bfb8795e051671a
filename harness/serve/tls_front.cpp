// SPDX-License-Identifier: Apache-2.0
#include "harness/serve/tls_front.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <atomic>
#include <list>
#include <thread>

#include "harness/support/cancel.h"

namespace aios {

// Not in the unnamed namespace: State, which is not either, has one of it.
struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

namespace {

constexpr std::size_t kMostConnections = 16;
constexpr int kIdleMilliseconds = 30'000;
constexpr timeval kPatience{10, 0};  // of one read or write, the handshake's too

struct FreeSession {
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;

std::string tls_reason() {
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return reason == nullptr ? "no reason given" : reason;
}

Result<TlsContext> make_context(const TlsFiles& files) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return internal_error(fmt::format("TLS: {}", tls_reason()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1) {
    return config_error(fmt::format("not a certificate that can be used: {}", tls_reason()), files.certificate.string(),
                        "--tls-cert wants PEM, the chain after the certificate");
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return config_error(fmt::format("not a key that can be used: {}", tls_reason()), files.key.string(),
                        "--tls-key wants the certificate's private key as PEM, without a password");
  }
  if (SSL_CTX_check_private_key(context.get()) != 1) {
    return config_error("the key does not belong to the certificate", files.key.string());
  }
  return context;
}

void be_patient(int socket) {
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
}

bool send_all(int socket, const char* bytes, int size) {
  while (size > 0) {
    const auto sent = send(socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<int>(sent);
  }
  return true;
}

UniqueFd connect_to(int port) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return {};
  be_patient(fd.get());
  return fd;
}

// Both ways until one side has enough.
void pump(SSL* session, int client, int backend, int stop) {
  std::array<char, 16384> buffer;
  for (;;) {
    std::array<pollfd, 3> waits{{{client, POLLIN, 0}, {backend, POLLIN, 0}, {stop, POLLIN, 0}}};
    const bool pending = SSL_pending(session) > 0;  // already read from the socket
    if (poll(waits.data(), waits.size(), pending ? 0 : kIdleMilliseconds) <= 0 && !pending) return;
    if (waits[2].revents != 0) return;
    if (pending || waits[0].revents != 0) {
      const int got = SSL_read(session, buffer.data(), buffer.size());
      if (got <= 0 || !send_all(backend, buffer.data(), got)) return;
    }
    if (waits[1].revents != 0) {
      const auto got = recv(backend, buffer.data(), buffer.size(), 0);
      if (got <= 0 || SSL_write(session, buffer.data(), static_cast<int>(got)) <= 0) return;
    }
  }
}

}  // namespace

struct TlsFront::State {
  TlsContext context;
  UniqueFd listener;
  int backend_port = 0;
  CancelToken stop;
  std::thread acceptor;

  struct Connection {
    std::thread thread;
    std::atomic<bool> over{false};
  };
  std::list<Connection> connections;  // the acceptor's alone

  void serve(UniqueFd client) {
    be_patient(client.get());
    const std::unique_ptr<SSL, FreeSession> session(SSL_new(context.get()));
    if (session == nullptr || SSL_set_fd(session.get(), client.get()) != 1 || SSL_accept(session.get()) != 1) {
      ERR_clear_error();
      return;
    }
    if (const UniqueFd backend = connect_to(backend_port)) {
      pump(session.get(), client.get(), backend.get(), stop.fd());
      SSL_shutdown(session.get());
    }
    ERR_clear_error();
  }

  void tidy() {
    for (auto it = connections.begin(); it != connections.end();) {
      if (it->over) it->thread.join();
      it = it->over ? connections.erase(it) : std::next(it);
    }
  }

  void accept_all() {
    for (;;) {
      std::array<pollfd, 2> waits{{{listener.get(), POLLIN, 0}, {stop.fd(), POLLIN, 0}}};
      if (poll(waits.data(), waits.size(), -1) < 0) continue;
      if (waits[1].revents != 0) break;
      UniqueFd client(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      tidy();
      if (!client || connections.size() == kMostConnections) continue;
      Connection& made = connections.emplace_back();
      made.thread = std::thread([this, &made, fd = std::move(client)]() mutable {
        serve(std::move(fd));
        made.over = true;
      });
    }
    for (Connection& connection : connections) connection.thread.join();
  }
};

TlsFront::TlsFront(std::unique_ptr<State> state) : state_(std::move(state)) {
  state_->acceptor = std::thread([state = state_.get()] { state->accept_all(); });
}

TlsFront::~TlsFront() {
  state_->stop.cancel();
  state_->acceptor.join();
}

Result<std::unique_ptr<TlsFront>> TlsFront::start(const ListenAddress& address, const TlsFiles& files,
                                                  int backend_port) {
  auto state = std::make_unique<State>();
  state->context = TRY(make_context(files));
  state->listener = TRY(listen_on(address));
  state->backend_port = backend_port;
  return std::unique_ptr<TlsFront>(new TlsFront(std::move(state)));
}

int TlsFront::port() const { return port_of(state_->listener); }

}  // namespace aios
