// SPDX-License-Identifier: Apache-2.0
// What a gate holds a change to: which metrics block and which only warn, how much worse each may get, how sure the
// gate must be. Read from one TOML file (harness/manifest/gate_policy_manifest.h); without one the built-in default
// holds. Accepted changes are the exceptions to it, each with its reason and its end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/unit.h"

namespace aios {

enum class GateAction { block, warn, ignore };
std::string_view to_string(GateAction action);

// The first rule that matches a metric's name speaks for it.
struct GateRule {
  std::vector<std::string> match;  // globs: "syscall.*"
  GateAction action = GateAction::block;
  // How much worse is no worse, in per cent of the baseline or in the metric's own unit, whichever is more. Neither
  // said: for counts as little as the null changes allow (none at all on the steady path of a loop), for times
  // `timed_margin_percent`.
  std::optional<double> margin_percent, margin_absolute;
  // Times: red only where the whole interval lies beyond the margin, not already where the estimate does.
  bool strict = false;
  double creep_percent = 5;  // against the fixed reference, where there is one
  std::string family;        // of tests that share one error level; "": the gate's
};

struct GatePolicy {
  std::string source = "built-in default";
  double level = 0.05;       // of all gates of an unchanged kernel so many may be red, whatever they measure
  double confidence = 0.95;  // of the intervals in which "no worse" is shown
  double power = 0.9;        // "in so many cases this run would have caught it"
  double timed_margin_percent = 2;
  int perturb = 5;        // null changes of each side besides the boot as it is (exact mode)
  int boots = 60;         // blocks at the most (timed mode)
  int first_boots = 8;    // and at the least
  std::string reference;  // for creep: a stored run, last-good:LABEL or a file; "": none
  std::string accepted;   // file of accepted changes
  std::vector<GateRule> rules;

  const GateRule& rule_for(std::string_view metric) const;
};

// A change for the worse that somebody took on, up to a level, for a reason, until a day.
struct AcceptedChange {
  std::string metric;   // exact name
  std::string kernel;   // "aios"
  std::string machine;  // "qemu-exact"
  double value = 0;     // up to here it is accepted
  Unit unit = Unit::count;
  std::string reason;
  std::string run;       // where it was seen
  std::string accepted;  // "2026-11-20"
  std::string expires;   // the last day on which it holds
};

}  // namespace aios
