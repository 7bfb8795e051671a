// SPDX-License-Identifier: Apache-2.0
// One target against the samples of one run. The fidelity decides what may be said at all: cycles only of a real
// processor, time on emulation only as a bound and only in the direction in which emulation is worse. An interval that
// straddles the target is inconclusive, and so are too few boots of a noisy time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/metric.h"
#include "harness/model/verdict.h"

namespace aios {

struct TargetVerdict {
  VerdictKind verdict = VerdictKind::not_run;
  std::optional<double> value;
  Unit unit = Unit::count;
  std::optional<Fidelity> fidelity;
  std::string reason;
};

// `samples`: all of the target's metric, at least one.
TargetVerdict judge_target(const Target& target, const std::vector<Sample>& samples);

}  // namespace aios
