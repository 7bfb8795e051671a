// SPDX-License-Identifier: Apache-2.0
// /metrics over HTTP or HTTPS, with basic authentication where there are users, served by prometheus-cpp until the
// object goes. Whoever is collected from must be safe for several threads.
#pragma once

#include <prometheus/collectable.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/serve/listen_address.h"
#include "harness/serve/tls_front.h"
#include "harness/serve/user_list.h"

namespace prometheus {
class Exposer;
}

namespace aios {

struct ServeOptions {
  ListenAddress listen;
  std::vector<User> users;  // none: everybody
  std::optional<TlsFiles> tls;
  bool insecure = false;  // also without users where others reach it
};

class MetricsServer {
 public:
  static Result<MetricsServer> start(const ServeOptions& options, std::shared_ptr<prometheus::Collectable> collectable);
  MetricsServer(MetricsServer&&) noexcept;
  ~MetricsServer();
  std::string url() const { return url_; }

 private:
  MetricsServer();
  std::shared_ptr<prometheus::Collectable> collectable_;
  std::unique_ptr<prometheus::Exposer> exposer_;
  std::unique_ptr<TlsFront> tls_;
  std::string url_;
};

}  // namespace aios
