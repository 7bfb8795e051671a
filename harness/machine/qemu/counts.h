// SPDX-License-Identifier: Apache-2.0
// What the counting plugin wrote about one boot, read back: regions with their iterations, the timeline, the totals.
// The marks come from the guest and are not trusted; the file is the plugin's own, and may end early if QEMU was killed
// (then `end` is missing, and what was written stands).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/counts.h"
#include "harness/support/result.h"

namespace aios {

// Iterations in a row that were alike.
struct IterationRun {
  std::int64_t count = 0;
  std::int64_t instructions = 0;
  std::int64_t rep_iterations = 0;
  bool interrupted = false;
};

struct RegionCounts {
  std::int64_t number = 0;  // order of appearance in this boot
  std::uint32_t tag = 0;    // what the guest called it, 0 if it did not
  bool complete = false;    // it was ended by its own mark
  std::int64_t iterations = 0;
  std::int64_t kept = 0;                        // the iterations that the figures below median to runs are made of
  bool truncated = false;                       // kept < iterations
  CountVector begin;                            // the totals when it began
  CountVector total;                            // from begin to end, the loop around the iterations included
  CountVector sum;                              // inside the iterations
  std::optional<CountVector> median, min, max;  // iterations that happened, chosen by instructions
  std::string quiet_rule;                       // the class that tells an interrupted iteration
  std::int64_t quiet_value = 0;
  std::int64_t quiet_iterations = 0;
  std::int64_t interrupted_iterations = 0;
  std::optional<CountVector> quiet_median, quiet_sum;
  std::vector<IterationRun> runs;  // empty if there were too many
};

struct CountedPoint {
  int id = 0;
  CountVector at;
};

struct WatchedAddress {
  std::string name;
  std::uint64_t address = 0;
  CountVector at;  // before its first execution
};

struct CountsEnd {
  CountVector total;
  std::int64_t regions = 0, points = 0, watches = 0, dropped_lines = 0;
  std::map<std::string, std::int64_t> mark_errors;  // those that happened
};

struct GuestCounts {
  std::vector<CountClass> classes;  // the classes that were counted
  std::vector<RegionCounts> regions;
  std::vector<CountedPoint> points;
  std::vector<WatchedAddress> watched;
  std::optional<CountsEnd> end;  // missing: QEMU was killed

  const CountedPoint* find_point(int id) const;              // the first with this id
  const RegionCounts* find_region(std::uint32_t tag) const;  // the first with this tag
};

Result<GuestCounts> parse_counts(std::string_view text, std::string_view where);
Result<GuestCounts> read_counts(const std::filesystem::path& path);

}  // namespace aios
