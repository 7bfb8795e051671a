// SPDX-License-Identifier: Apache-2.0
// Small runs for tests: a head, a boot, a few samples.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"

namespace aios::testing {

inline RunRecord head(const std::string& subject = "aios", const std::string& label = "") {
  RunRecord run;
  run.subject = subject;
  run.kernel = subject;
  run.label = label;
  run.machine = "fake";
  run.mode = "exact";
  run.scenarios = {"syscall"};
  run.outcome = "running";
  return run;
}

inline BootRecord boot(int index) {
  BootRecord out;
  out.index = index;
  out.scenario = "syscall";
  out.end_state = "power_off";
  out.ok = true;
  out.attempts = index + 1;
  return out;
}

inline std::vector<Sample> samples(int boot, int count = 3) {
  std::vector<Sample> out;
  for (int i = 0; i < count; ++i) {
    Sample sample;
    sample.metric = "syscall.m" + std::to_string(i);
    sample.scenario = "syscall";
    sample.unit = Unit::instructions;
    sample.boot = boot;
    sample.value = 100 * boot + i;
    out.push_back(sample);
  }
  return out;
}

}  // namespace aios::testing
