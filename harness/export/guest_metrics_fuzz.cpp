// SPDX-License-Identifier: Apache-2.0
// A kernel's own metrics as an attacker prints them: whatever is taken is bounded, and serves as text that a Prometheus
// reads. Run: guest_metrics_fuzz -max_total_time=60
#include <prometheus/text_serializer.h>

#include <cstdint>
#include <cstdlib>

#include "harness/export/exposition_line.h"
#include "harness/export/guest_metrics.h"
#include "harness/support/text.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  (void)aios::guest_metrics_of_console(bytes);
  const aios::GuestMetrics taken = aios::guest_metrics_of_console(std::string(aios::kGuestMetricsBegin) + "\n" + bytes +
                                                                  "\n" + std::string(aios::kGuestMetricsEnd) + "\n");
  if (taken.families.size() > 64 || taken.left_out.size() > 24) std::abort();
  for (const auto& line : aios::split(prometheus::TextSerializer().Serialize(taken.families), '\n')) {
    for (const char c : line) {
      if (static_cast<unsigned char>(c) < 0x20 && c != '\t') std::abort();
    }
    if (!line.empty() && line[0] != '#' && !aios::parse_exposition_line(line).ok()) std::abort();
  }
  return 0;
}
