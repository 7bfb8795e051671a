// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/report.h"

#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "bench/guest/region_numbers.h"
#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"

namespace aios::inference {

void Report::time(const std::string& name, std::uint64_t value, std::int64_t of,
                  const std::vector<std::uint64_t>& all) {
  const char* unit = exact_ ? "virtual_time" : "nanoseconds";
  if (console_) {
    std::printf("%-44s %16llu %s\n", metric(name).c_str(), static_cast<unsigned long long>(value),
                exact_ ? "ticks" : "ns");
    return;
  }
  // Every token of a run is kept where it fits; what is said of them was taken from all.
  static wire::Frame<wire::kMaxBody> frame("sample");
  frame.start("sample");
  frame.text("metric", metric(name).c_str()).text("unit", unit);
  frame.integer("value", static_cast<long long>(value)).integer("iterations", of);
  if (!all.empty()) {
    frame.open_runs("values");
    for (std::size_t i = 0; i < all.size() && frame.room() > 64; ++i) frame.run(static_cast<double>(all[i]), 1);
    frame.close_runs();
  }
  wire::send_frame(STDOUT_FILENO, frame);
}

void Report::figure(const std::string& name, const char* unit, double value, std::int64_t of,
                    const std::string& detail) {
  if (console_) {
    std::printf("%-44s %16.6g %s %s\n", metric(name).c_str(), value, unit, detail.c_str());
    return;
  }
  wire::Frame<1024> frame("sample");
  frame.text("metric", metric(name).c_str()).text("unit", unit).number("value", value).integer("iterations", of);
  if (!detail.empty()) frame.text("detail", detail.c_str(), 400);
  wire::send_frame(STDOUT_FILENO, frame);
}

void Report::region(const std::string& full_name, std::int64_t number, std::int64_t iterations, std::uint64_t ticks) {
  if (console_) return;
  wire::Frame<512> region("region");
  region.integer("n", number).text("name", full_name.c_str()).integer("iterations", iterations);
  region.integer("tag", bench::region_tag(full_name.c_str()));
  wire::send_frame(STDOUT_FILENO, region);
  wire::Frame<128> clock("clock");
  clock.integer("n", number).integer("ticks", static_cast<long long>(ticks));
  wire::send_frame(STDOUT_FILENO, clock);
}

void Report::skipped(const std::string& name, const std::string& why) {
  if (console_) {
    std::printf("%-44s not measured: %s\n", metric(name).c_str(), why.c_str());
    return;
  }
  wire::Frame<1024> frame("check");
  frame.text("name", metric(name).c_str())
      .boolean("ok", false)
      .boolean("skipped", true)
      .text("detail", why.c_str(), 400);
  wire::send_frame(STDOUT_FILENO, frame);
}

}  // namespace aios::inference
