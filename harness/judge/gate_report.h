// SPDX-License-Identifier: Apache-2.0
// What a gate came to, as a value that every output is made from: a verdict a metric, one for the whole, what it could
// have seen, and what it would take where it could not decide. Only the kernel can turn it red.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/judge/comparison.h"
#include "harness/model/gate_policy.h"

namespace aios {

enum class GateVerdict {
  pass,            // no worse than the margin, and that was shown
  fail,            // worse by more than the margin
  inconclusive,    // could not be decided; says what it would take
  infrastructure,  // the lab failed: nothing is said of the kernel
  not_judged,      // nothing to judge: new, skipped, ignored, or beyond what this machine can say
};
std::string_view to_string(GateVerdict verdict);

// Against the fixed reference, beside the comparison with the baseline.
struct Creep {
  std::optional<double> reference;  // its figure
  double worse_percent = 0;         // than the reference; negative: better
  double budget_percent = 0;
  bool beyond = false;
};

struct GateRow {
  ComparisonRow figures;
  GateAction action = GateAction::block;
  GateVerdict verdict = GateVerdict::not_judged;
  // How much worse is no worse: in per cent of the baseline, and for counts in the metric's unit.
  double margin_percent = 0;
  std::optional<double> margin_value;
  // How far it moves without the kernel having changed.
  std::optional<double> fence_percent;
  // What was shown: it is worse by no more than this (negative: better by at least). Per cent of the baseline.
  std::optional<double> shown_percent;
  std::optional<double> q;  // times: adjusted for all that were tested
  // This run catches a worsening by so much, or more, in GateReport::power of all cases.
  std::optional<double> catches_percent;
  std::optional<Creep> creep;
  std::string accepted;  // why a worse figure passes: the reason that was given, and its last day
  std::string reason;
  std::string takes;  // inconclusive: what would decide it
};

struct GateReport {
  std::string first_run, second_run, first_name, second_name, first_subject, second_subject;
  std::string reference_run;  // "": no creep is judged
  std::string mode, machine;
  std::vector<InputDifference> differences;
  std::vector<GateRow> rows;
  GateVerdict verdict = GateVerdict::inconclusive;
  std::string reason;
  std::string promise;  // "this run would have caught ..."
  std::string policy;   // where it came from
  double level = 0.05, confidence = 0.95, power = 0.9;
  int pairs = 0;  // boots a side and scenario that were held against each other
  bool paired = false;
  std::string seed, order;  // of interleaved blocks
  std::vector<std::string> notes;
  int exit_code = 4;

  int count(GateVerdict which) const;
};

// schema 1: verdict, reason, exit_code, promise, first, second, policy, rows...
std::string gate_to_json(const GateReport& report, int indent = -1);

}  // namespace aios
