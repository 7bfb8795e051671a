// SPDX-License-Identifier: Apache-2.0
// Sends metrics to a push gateway: what the group held before is replaced whole, so that nothing of an older run stays.
// libcurl itself and not prometheus-cpp's Gateway, which has neither a time limit nor the gateway's words when it
// refuses.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/serve/user_list.h"
#include "harness/support/cancel.h"

namespace aios {

struct PushTarget {
  std::string url;  // "http://127.0.0.1:9091"
  std::string job = "aios_bench";
  std::vector<std::pair<std::string, std::string>> group;  // further labels of the group
  std::optional<User> user;
  std::string ca_file;  // to be believed besides the system's; empty: the system's only
  double timeout_seconds = 10;
  const CancelToken* cancel = nullptr;
};

// "http://HOST:PORT/metrics/job/JOB/LABEL/VALUE...". A config error where a label or the address is none.
Result<std::string> push_url(const PushTarget& target);
Status push_metrics(const PushTarget& target, const std::string& exposition);

}  // namespace aios
