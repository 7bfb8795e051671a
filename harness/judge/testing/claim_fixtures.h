// SPDX-License-Identifier: Apache-2.0
// Claims and runs in a few words, for the judge's own tests.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/claims.h"
#include "harness/manifest/target_text.h"

namespace aios::testing {

inline Claim claim_of(std::vector<std::string> targets, bool boundable = false) {
  Claim claim{.id = "A1", .kernel = "aios", .text = "a promise", .source = "a document"};
  for (const auto& text : targets) {
    claim.targets.push_back(parse_target(text).value());
    claim.targets.back().boundable = boundable;
  }
  return claim;
}

inline Sample sample_of(const std::string& metric, double value, Unit unit, Fidelity fidelity = Fidelity::exact,
                        int boot = 0) {
  Sample sample;
  sample.metric = metric;
  sample.scenario = metric.substr(0, metric.find('.'));
  sample.unit = unit;
  sample.fidelity = fidelity;
  sample.boot = boot;
  sample.perturbation = fidelity == Fidelity::exact ? boot : 0;
  sample.value = value;
  return sample;
}

inline RunRecord run_with(std::vector<Sample> samples, const std::string& id = "run-1") {
  RunRecord run;
  run.subject = run.kernel = "aios";
  run.mode = "exact";
  run.outcome = "complete";
  run.provenance.run = id;
  run.provenance.started = "2026-01-01T00:00:00Z";
  run.samples = std::move(samples);
  return run;
}

inline ClaimVerdict judge(const Claim& claim, const std::vector<RunRecord>& runs) {
  return judge_claims({claim}, runs).at(0);
}

inline std::vector<Sample> boots(const std::string& metric, Unit unit, Fidelity fidelity,
                                 const std::vector<double>& values) {
  std::vector<Sample> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    out.push_back(sample_of(metric, values[i], unit, fidelity, static_cast<int>(i)));
  }
  return out;
}

}  // namespace aios::testing
