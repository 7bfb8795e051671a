// SPDX-License-Identifier: Apache-2.0
#include "harness/serve/metrics_server.h"

#include <fmt/format.h>
#include <prometheus/exposer.h>

#include <exception>

namespace aios {
namespace {

constexpr const char* kThreads = "4";
constexpr const char* kRequestMilliseconds = "10000";

Result<std::unique_ptr<prometheus::Exposer>> expose(const ListenAddress& address) {
  // Asked beforehand: the library says no more than that it could not start.
  TRY(listen_on(address));
  try {
    return std::make_unique<prometheus::Exposer>(
        std::vector<std::string>{"listening_ports", address.text(), "num_threads", kThreads, "request_timeout_ms",
                                 kRequestMilliseconds, "enable_directory_listing", "no"});
  } catch (const std::exception& error) {
    return infra_fault(fmt::format("the server does not start: {}", error.what()), address.text());
  }
}

Status check_open_to_others(const ServeOptions& options) {
  if (options.listen.loopback() || !options.users.empty() || options.insecure) return {};
  return config_error("others than this machine would read it without a password", options.listen.text(),
                      "--auth-file FILE asks for one (with --tls-cert, or it goes over the wire as it is); --insecure "
                      "lets everybody in");
}

}  // namespace

MetricsServer::MetricsServer() = default;
MetricsServer::MetricsServer(MetricsServer&&) noexcept = default;

MetricsServer::~MetricsServer() {
  tls_.reset();  // before what it hands on to
  exposer_.reset();
}

Result<MetricsServer> MetricsServer::start(const ServeOptions& options,
                                           std::shared_ptr<prometheus::Collectable> collectable) {
  TRY(check_open_to_others(options));
  MetricsServer server;
  server.collectable_ = std::move(collectable);
  ListenAddress plain = options.listen;
  if (options.tls) plain = ListenAddress{"127.0.0.1", 0, false};
  server.exposer_ = TRY(expose(plain));
  if (!options.users.empty()) {
    server.exposer_->RegisterAuth([users = options.users](const std::string& name, const std::string& password) {
      return may_enter(users, name, password);
    });
  }
  server.exposer_->RegisterCollectable(server.collectable_);
  ListenAddress open = options.listen;
  open.port = server.exposer_->GetListeningPorts().at(0);
  if (options.tls) {
    server.tls_ = TRY(TlsFront::start(options.listen, *options.tls, open.port));
    open.port = server.tls_->port();
  }
  server.url_ = fmt::format("{}://{}/metrics", options.tls ? "https" : "http", open.text());
  return server;
}

}  // namespace aios
