// SPDX-License-Identifier: Apache-2.0
// Google Benchmark's reporter for a guest: what was measured goes out as frames, after each operation, so that what a
// later one breaks is not lost. Not for its own numbers: those have been taken by then.
#pragma once

#include <benchmark/benchmark.h>

#include <deque>

#include "bench/guest/measure.h"

namespace aios::bench {

class FrameReporter : public benchmark::BenchmarkReporter {
 public:
  // `figures`: one for each benchmark, in the order of their registration.
  FrameReporter(int fd, const std::deque<Figures>& figures) : fd_(fd), figures_(&figures) {}

  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override;

 private:
  void send(const Figures& figures) const;

  int fd_;
  const std::deque<Figures>* figures_;
  std::size_t next_ = 0;
};

}  // namespace aios::bench
