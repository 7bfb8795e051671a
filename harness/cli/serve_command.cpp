// SPDX-License-Identifier: Apache-2.0
// The results and the harness's own health for Prometheus to scrape, as they are at each scrape, until it is ended.
#include <fmt/format.h>
#include <poll.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/serve/health.h"
#include "harness/serve/metrics_server.h"

namespace aios {
namespace {

constexpr int kStoreSizeMilliseconds = 300'000;

struct ServeFlags {
  std::string listen = "127.0.0.1:9464";
  std::string auth_file, certificate, key;
  bool insecure = false;
};

Result<ServeOptions> serve_options(const ServeFlags& flags) {
  ServeOptions options;
  options.listen = TRY(parse_listen_address(flags.listen));
  options.insecure = flags.insecure;
  if (!flags.auth_file.empty()) options.users = TRY(read_user_list(flags.auth_file));
  if (flags.certificate.empty() != flags.key.empty()) {
    return config_error("a certificate and its key go together", {}, "--tls-cert FILE --tls-key FILE");
  }
  if (!flags.certificate.empty()) options.tls = TlsFiles{flags.certificate, flags.key};
  return options;
}

Result<int> serve(Context& context, const ServeFlags& flags) {
  const ServeOptions options = TRY(serve_options(flags));
  Store store = TRY(Store::open(context.paths.store));
  ResultsSource source(store, TRY(load_ledger(context.paths.data)), AIOS_VERSION);
  for (const auto& sentence : TRY(source.gather())->left_out) context.progress.note("left out: " + sentence);
  const auto metrics = std::make_shared<ServedMetrics>(source, context.clock, store.root());
  const MetricsServer server = TRY(MetricsServer::start(options, metrics));
  context.print(server.url() + "\n");  // a script that asked for any free port reads it here
  std::fflush(context.out);
  context.progress.phase("serving until Ctrl-C");
  do {
    metrics->measure_store();
    pollfd end{context.cancel.fd(), POLLIN, 0};
    poll(&end, 1, kStoreSizeMilliseconds);
  } while (!context.cancel.cancelled());
  context.progress.phase("ended");
  return kExitMet;  // being told to end is how it ends
}

}  // namespace

CommandSpec serve_command() {
  return {"serve", "Serve the results and the harness's own health to Prometheus",
          "  aios-bench serve\n  aios-bench serve --listen 127.0.0.1:0\n  aios-bench serve --listen 0.0.0.0:9464 "
          "--auth-file users --tls-cert cert.pem --tls-key key.pem",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ServeFlags>();
            set.add("--listen", flags->listen, "Where; port 0 takes any that is free, and prints it",
                    {.value = "HOST:PORT", .show_default = true});
            set.add("--auth-file", flags->auth_file, "Only for those in this file: lines USER:PASSWORD, mode 600",
                    {.value = "FILE"});
            set.add("--tls-cert", flags->certificate, "HTTPS with this certificate (PEM, the chain after it)",
                    {.value = "FILE"});
            set.add("--tls-key", flags->key, "The certificate's key (PEM)", {.value = "FILE"});
            set.add("--insecure", flags->insecure, "Let everybody read who can reach an address that is not loopback");
            return [flags](Context& context) { return serve(context, *flags); };
          }};
}

}  // namespace aios
