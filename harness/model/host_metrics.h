// SPDX-License-Identifier: Apache-2.0
// Metrics that no scenario.toml declares, because no scenario measures them: what the harness itself knows of a build
// and of the wall clock. The run room emits them, claims may refer to them, lists show them.
#pragma once

#include <string>
#include <vector>

#include "harness/model/metric.h"

namespace aios {

// Scenario "build", with every run of a kernel that was built from source.
inline constexpr char kBuildOk[] = "build.ok";
inline constexpr char kBuildOptionsAsked[] = "build.options_asked";
inline constexpr char kBuildOptionsInEffect[] = "build.options_in_effect";
inline constexpr char kBuildOptionsUnexplained[] = "build.options_unexplained";

// Wall-clock time of the host, from starting the machine. On emulation a bound: the real thing is only faster. An exact
// run keeps wall clocks out of its samples; there the judge reads Provenance::wall_seconds under these keys (with a
// number behind a blank for each further boot: "boot_to_init 1").
inline constexpr char kWallToInit[] = "boot.wall_to_init";
inline constexpr char kWallToReady[] = "boot.wall_to_ready";
inline constexpr char kWallToInitKey[] = "boot_to_init";
inline constexpr char kWallToReadyKey[] = "boot_to_ready";

const std::vector<Metric>& host_metrics();

}  // namespace aios
