// SPDX-License-Identifier: Apache-2.0
// The load beside the inference: processes of their own (this program, executed anew, without a model), so that nothing
// but the kernel stands between them and what is measured. They wait at a gate until all are there, and count their
// rounds in memory that both sides see: what the background lost is part of the result.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bench/guest/inference/options.h"

namespace aios::inference {

struct BackgroundCounters;

enum class Work { hog, faults, io, memory };

const char* to_string(Work work);

// A round is: hog, 10,000 turns of a loop that touches no memory; faults, 4 MiB mapped, touched and unmapped; io, 64
// KiB written to a file, flushed and read back; memory, 2 MiB of a region larger than what is free, touched and handed
// back for reclaim.
struct Rounds {
  std::uint64_t hog = 0, faults = 0, io = 0, memory = 0;
};

class Background {
 public:
  // A reason in `error` if it could not be started; then nothing of it is left.
  Background(const Load& load, const std::string& folder, std::string& error);
  ~Background();  // ends all of it
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void go();
  Rounds rounds() const;

 private:
  bool start_all(const Load& load, const std::string& folder, std::string& error);
  bool wait_until_ready(std::string& error) const;
  void end();

  BackgroundCounters* counters_ = nullptr;
  int gate_ = -1;
  std::vector<Work> works_;
  std::vector<pid_t> children_;
};

// What a background process does; returns only if it cannot.
int run_background(const Options& options);

// Processors that this program may run on.
int processors();

}  // namespace aios::inference
