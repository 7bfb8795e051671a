// SPDX-License-Identifier: Apache-2.0
// The measurements: tokens beside a load, the prompt, the loading of the model. In exact mode each stands between the
// host's marks, and time is the virtual clock; else time is the guest's clock.
#pragma once

#include <string>

#include "bench/guest/inference/options.h"
#include "bench/guest/inference/report.h"
#include "bench/guest/inference/runtime.h"
#include "bench/guest/region_numbers.h"

namespace aios::inference {

class Measure {
 public:
  Measure(const Options& options, Report& report, bench::RegionNumbers& regions)
      : options_(&options), report_(&report), regions_(&regions) {}

  void overhead();  // exact mode: what measuring costs, which the harness takes off
  void prefill(Session& session);
  void arm(Session& session, const Arm& arm);
  // `name`: of the way, in the metrics.
  void load(const std::string& file, LoadWay way, const std::string& name);

 private:
  const Options* options_;
  Report* report_;
  bench::RegionNumbers* regions_;
};

}  // namespace aios::inference
