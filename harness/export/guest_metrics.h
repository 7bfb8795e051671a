// SPDX-License-Identifier: Apache-2.0
// The metrics that a kernel under test keeps itself, as it prints them on its console: Prometheus's text format between
// two marks, as plain lines (a kernel log's time stamps are taken off) or as the text of log frames.
//
//   # aios-bench metrics begin
//   # TYPE context_switches_total counter
//   context_switches_total{cpu="0"} 1207
//   # aios-bench metrics end
//
// The guest is not trusted: count, size, names, labels and values are bounded and checked, what does not hold is left
// out and named, and no name of the harness can be taken. The last whole block of a boot speaks.
#pragma once

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace aios {

inline constexpr std::string_view kGuestMetricsBegin = "# aios-bench metrics begin";
inline constexpr std::string_view kGuestMetricsEnd = "# aios-bench metrics end";

struct GuestMetrics {
  std::vector<prometheus::MetricFamily> families;
  std::vector<std::string> left_out;  // sentences, printable, bounded
  bool found = false;                 // there was a whole block
};

// From the console of a boot as it is stored, frames and all.
GuestMetrics guest_metrics_of_console(std::string_view console);
// From the text between the marks.
GuestMetrics parse_guest_metrics(std::string_view text);

}  // namespace aios
