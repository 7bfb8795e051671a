// SPDX-License-Identifier: Apache-2.0
// What null changes taught about one kernel on one machine: how far each metric moves when nothing has changed. A small
// versioned file in the store (calibrations/MACHINE-KERNEL.json), written by `calibrate`, read by whoever judges:
//
//   const auto taught = load_calibration(store, "qemu-exact", "aios");
//   const std::optional<double> fence = taught ? taught->fence_for("boot.to_init") : std::nullopt;
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/unit.h"
#include "harness/stats/interval.h"
#include "harness/store/store.h"

namespace aios {

inline constexpr int kCalibrationSchema = 1;

struct MetricCalibration {
  std::string metric, scenario;
  Unit unit = Unit::count;
  bool timed = false;
  double value = 0;  // the figure itself: of the unchanged boot, or the median of all
  int nulls = 0;     // null changes, or A/A gates, that it rests on
  int alarms = 0;    // of them that would have been called a change with what is built in
  stats::Estimate alarm_rate;
  double largest = 0;  // the largest null change (timed: shift of one gate), as a share
  std::string worst;   // which one that was
  double fence = 0;    // a change up to this share is none
  double noise = 0;    // timed: standard deviation of a pair's difference, as a share
};

struct Calibration {
  std::string machine, kernel, mode, date;
  std::map<std::string, std::string> inputs;  // of the run it rests on: kernel, qemu, cpu_model, ...
  std::vector<std::string> null_changes;      // what was done, in words
  std::vector<std::string> runs;              // ids
  double seconds_a_boot = 0;
  double level = 0.05, power = 0.8;         // of the smallest effects below
  std::map<std::string, std::string> host;  // conditions
  std::vector<std::string> host_advice;
  std::vector<MetricCalibration> metrics;

  const MetricCalibration* find(const std::string& metric) const;
  // How far null changes move this metric, as a share of it; nothing where it was not calibrated.
  std::optional<double> fence_for(const std::string& metric) const;
  // The smallest change seen in this time in eight cases of ten, as a share; nothing where no time suffices.
  std::optional<double> visible_in(const MetricCalibration& metric, double seconds) const;
};

std::string calibration_to_json(const Calibration& calibration, int indent = -1);
Result<Calibration> calibration_from_json(const std::string& text, const std::string& where);

fs::path calibration_path(const Store& store, const std::string& machine, const std::string& kernel);
// Nothing: there is none, or one that cannot be read (which `read_calibration` explains).
std::optional<Calibration> load_calibration(const Store& store, const std::string& machine, const std::string& kernel);
Result<Calibration> read_calibration(const Store& store, const std::string& machine, const std::string& kernel);
Status store_calibration(const Store& store, const Calibration& calibration);

// Runs of null changes carry this label, so that no history takes them for the kernel's own.
inline constexpr char kNullChangeLabel[] = "calibrate";
bool is_null_change(const std::string& label);

}  // namespace aios
