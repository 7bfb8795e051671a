// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/frame_reporter.h"

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"

namespace aios::bench {
namespace {

void send_skipped(int fd, const Figures& figures) {
  wire::Frame<512> frame("check");
  frame.text("name", figures.operation->metric).boolean("ok", false).boolean("skipped", true);
  frame.text("detail", figures.skipped.c_str(), 200);
  wire::send_frame(fd, frame);
}

void send_exact(int fd, const Figures& figures) {
  wire::Frame<512> region("region");
  region.integer("n", figures.region).text("name", figures.operation->metric);
  region.integer("iterations", figures.iterations).integer("tag", region_tag(figures.operation->metric));
  wire::send_frame(fd, region);
  wire::Frame<128> clock("clock");
  clock.integer("n", figures.region).integer("ticks", static_cast<long long>(figures.ticks));
  wire::send_frame(fd, clock);
}

void send_timed(int fd, const Figures& figures) {
  static wire::Frame<16384> frame("sample");
  frame.start("sample");
  frame.text("metric", figures.operation->metric).text("unit", figures.cycles ? "cycles" : "nanoseconds");
  frame.number("value", figures.times.median()).integer("iterations", figures.iterations).open_runs("values");
  for (std::size_t i = 0; i < figures.times.size() && frame.room() > 64; ++i) {
    frame.run(figures.times[i], 1);
  }
  frame.close_runs();
  wire::send_frame(fd, frame);
}

}  // namespace

// One call a benchmark: no repetitions are asked for.
void FrameReporter::ReportRuns(const std::vector<Run>&) {
  if (next_ < figures_->size()) send((*figures_)[next_++]);
}

void FrameReporter::send(const Figures& figures) const {
  if (!figures.skipped.empty()) return send_skipped(fd_, figures);
  if (figures.exact) return send_exact(fd_, figures);
  send_timed(fd_, figures);
}

}  // namespace aios::bench
