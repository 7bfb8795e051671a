// SPDX-License-Identifier: Apache-2.0
// One metric of one run as a table or an export shows it: many boots made one line, and nothing judged. The figure is
// the median over the unperturbed boots; the range is over all of them, perturbed ones too, since those are the
// population that an exact figure has. Samples of one metric in two units never share a row.
#pragma once

#include <vector>

#include "harness/model/run_record.h"

namespace aios {

struct MetricRow {
  Metric metric;  // as the run defines it, with the unit that was measured
  Fidelity fidelity = Fidelity::exact;
  bool defined = false;  // false: a guest sent a name that the run's plan does not know
  double value = 0;
  double lowest = 0, highest = 0;  // over all boots
  int boots = 0;                   // that gave a sample
  const Sample* sample = nullptr;  // the one whose value is nearest to `value`; lives in the run
};

// In the order of the run's definitions, then in the order of appearance.
std::vector<MetricRow> metric_rows(const RunRecord& run);

}  // namespace aios
