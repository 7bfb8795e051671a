// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_parts.h"

#include <fmt/format.h>

namespace aios {
namespace {

struct PartMetric {
  const char* part;
  const char* description;
};

constexpr PartMetric kParts[] = {
    {"power", "Wall-clock time from the order to the board's being on"},
    {"firmware", "Wall-clock time from power-on to the board's first question to the boot server"},
    {"network", "Wall-clock time from the board's first question to the boot server until it has its kernel"},
    {"loading", "Wall-clock time from power-on until the board has its kernel, by way of its own system"},
    {"kernel", "Wall-clock time from the board's having its kernel to the first word of PID 1"},
};

}  // namespace

std::string boot_parts_text(const BootPhases& phases) {
  std::string out;
  for (const auto& [part, time] : phases.parts) {
    out += fmt::format("{}{} {:.2f} s", out.empty() ? "" : ", ", part, seconds(time));
  }
  return out;
}

void boot_part_samples(const BootPhases& phases, std::vector<Sample>& samples) {
  for (const auto& [part, time] : phases.parts) {
    if (part.starts_with("reset ")) continue;  // of a device after its guest: device_resets.h
    Sample sample;
    sample.metric = "boot.wall_" + part;
    sample.scenario = "boot";
    sample.unit = Unit::nanoseconds;
    sample.value = seconds(time) * 1e9;
    samples.push_back(std::move(sample));
  }
}

std::vector<Metric> boot_part_metrics() {
  std::vector<Metric> out;
  for (const auto& [part, description] : kParts) {
    out.push_back({fmt::format("boot.wall_{}", part), Unit::nanoseconds, Direction::lower_is_better,
                   MetricKind::noisy_time, description, "boot"});
  }
  return out;
}

}  // namespace aios
