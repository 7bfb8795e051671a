// SPDX-License-Identifier: Apache-2.0
// The unit travels with every number, so that nothing ever prints "ns" for an instruction count.
#pragma once

#include <string>
#include <string_view>

#include "harness/support/result.h"

namespace aios {

enum class Unit {
  instructions,  // executed, counted by the host's plugin
  virtual_time,  // ticks of the guest's virtual clock (rdtsc under icount): never mixed with instructions
  nanoseconds,
  cycles,  // of a real processor only
  bytes,
  count,   // of things
  yes_no,  // 1 or 0
  ratio,
};

enum class Direction { lower_is_better, higher_is_better, neutral };

// What kind of figure it is decides which test judges it.
enum class MetricKind { exact_count, noisy_time, size, yes_no };

// How far a sample can be believed; the judge refuses what a fidelity cannot say.
//   exact: reproducible to the instruction; counted: instructions with a learned fence; timed: real time on real
//   hardware or KVM; bounded: time on emulation, which can only be slower than the real thing.
enum class Fidelity { exact, counted, timed, bounded };

std::string_view to_string(Unit unit);
std::string_view to_string(Direction direction);
std::string_view to_string(MetricKind kind);
std::string_view to_string(Fidelity fidelity);
// nullopt-like: a config error that lists what is known.
Result<Unit> parse_unit(std::string_view text);
Result<Direction> parse_direction(std::string_view text);
Result<MetricKind> parse_metric_kind(std::string_view text);
Result<Fidelity> parse_fidelity(std::string_view text);

std::string_view symbol(Unit unit);                 // "instr", "ns", "B", ...
std::string format_value(double value, Unit unit);  // "12,950 instr", "1.74 s", "5.7 MiB", "yes"

}  // namespace aios
