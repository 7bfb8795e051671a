// SPDX-License-Identifier: Apache-2.0
// The results to a push gateway: for runners that are gone before anybody could scrape them.
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/serve/push.h"
#include "harness/serve/results_source.h"

namespace aios {
namespace {

struct PushFlags {
  std::string url = "http://127.0.0.1:9091", job = "aios_bench", auth_file, ca_file;
  std::vector<std::string> group;
  double timeout = 10;
};

Result<PushTarget> push_target(const Context& context, const PushFlags& flags) {
  PushTarget target;
  target.url = flags.url;
  target.job = flags.job;
  target.ca_file = flags.ca_file;
  target.timeout_seconds = flags.timeout;
  target.cancel = &context.cancel;
  if (!(flags.timeout > 0 && flags.timeout <= 3600)) {
    return config_error(fmt::format("{} is no time to wait", flags.timeout), "--timeout", "in seconds, at most 3600");
  }
  for (const auto& pair : flags.group) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return config_error(fmt::format("'{}' is not of the form K=V", pair), "--group", "for example runner=ci-3");
    }
    target.group.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  if (!flags.auth_file.empty()) target.user = TRY(read_user_list(flags.auth_file)).front();
  return target;
}

Result<int> push(Context& context, const PushFlags& flags) {
  const PushTarget target = TRY(push_target(context, flags));
  const std::string url = TRY(push_url(target));
  Store store = TRY(Store::open(context.paths.store));
  ResultsSource source(store, TRY(load_ledger(context.paths.data)), AIOS_VERSION);
  const auto gathered = TRY(source.gather());
  for (const auto& sentence : gathered->left_out) context.progress.note("left out: " + sentence);
  std::size_t series = 0;
  for (const auto& family : gathered->families.take()) series += family.metric.size();
  TRY(push_metrics(target, exposition_text(gathered->families)));
  context.progress.note(fmt::format("{} series pushed to {}", series, url));
  return kExitMet;
}

}  // namespace

CommandSpec push_command() {
  return {
      "push", "Send the results to a Prometheus push gateway",
      "  aios-bench push --url http://127.0.0.1:9091\n  aios-bench push --url https://push.example.org --job nightly "
      "--group runner=ci-3 --auth-file user",
      [](FlagSet& set) -> Action {
        auto flags = std::make_shared<PushFlags>();
        set.add("--url", flags->url, "The gateway", {.value = "URL", .show_default = true});
        set.add("--job", flags->job, "The job under which it keeps them; what it held of this group goes",
                {.value = "J", .show_default = true});
        set.add("--group", flags->group, "A further label of the group (may be repeated)", {.value = "K=V"});
        set.add("--auth-file", flags->auth_file, "USER:PASSWORD in a file of mode 600", {.value = "FILE"});
        set.add("--tls-ca", flags->ca_file, "Who signed the gateway's certificate (PEM)", {.value = "FILE"});
        set.add("--timeout", flags->timeout, "Seconds to wait for it", {.value = "T", .show_default = true});
        return [flags](Context& context) { return push(context, *flags); };
      }};
}

}  // namespace aios
