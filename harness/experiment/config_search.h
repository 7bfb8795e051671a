// SPDX-License-Identifier: Apache-2.0
// Which of the options that differ costs what. Groups of options that hang together are measured first, many of them at
// once where there are many; then, inside a group that costs something, its single options. The costs are added up;
// what is left over is an interaction, which is looked for by taking each group away from the second configuration, and
// named. Pure but for the function that measures.
#pragma once

#include <optional>

#include "harness/experiment/config_units.h"

namespace aios {

// The figure with these options as in the second configuration; nothing where that cannot be built or booted.
using MeasureOptions = std::function<Result<std::optional<double>>(const OptionSet& switched)>;

struct OptionCost {
  std::string option, from, to;
  OptionSet with;              // its cost is on top of theirs
  std::optional<double> cost;  // nothing: cannot be measured
  OptionSet as_part_of;        // not empty: only these together were measured, and made no difference
  std::string note;
};

struct Interaction {
  std::vector<std::string> options;
  double size = 0;
};

struct ConfigCosts {
  double first = 0, second = 0;
  std::vector<OptionCost> options;  // dearest first
  double sum = 0;
  double remainder = 0;  // second - first - sum
  std::vector<Interaction> interactions;
  double unexplained = 0;  // remainder - interactions
};

// Differences up to `limit` are none. A kernel_fault where one of the two configurations cannot be measured.
Result<ConfigCosts> search_config(const ConfigUnits& units, const MeasureOptions& measure, double limit = 0);

}  // namespace aios
