// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/gate_flags.h"

namespace aios {

void add_gate_flags(FlagSet& set, GateFlags& flags) {
  flags.run.perturb = -1;  // the policy's
  set.add("A", flags.first,
          "The baseline: a subject, a stored run (ID, label, run:X), last-good:LABEL or a JSON file; or 'accept'");
  set.add("B", flags.second, "The candidate, likewise; behind 'accept': the run that showed the change");
  set.add("--policy", flags.policy, "What blocks, what warns and how much is no worse (TOML; default: built in)",
          {.value = "FILE"});
  set.add("--budget", flags.budget, "Time that may be spent on boots: 90s, 10m, 1h30m", {.value = "T"});
  set.add("--seed", flags.seed, "Draws the order of interleaved blocks (default: 1)", {.value = "N"});
  set.add("--reference", flags.reference, "A stored run that stays while the baseline moves: small steps add up",
          {.value = "RUN"});
  set.add("--accepted", flags.accepted, "The file of accepted changes (default: gate-accepted.toml here)",
          {.value = "FILE"});
  set.add("--plan", flags.plan_only, "Say what would be measured and what it costs, and stop");
  set.add("--show-policy", flags.show_policy, "Print the built-in policy, to begin one's own with");
  set.add("--json", flags.json, "One JSON document on standard output");
  set.add("--markdown", flags.markdown, "Write the verdict for a pull request", {.value = "FILE"});
  set.add("--junit", flags.junit, "Write the verdict as JUnit XML", {.value = "FILE"});
  set.add("--annotations", flags.annotations, "github[:FILE] (default: standard output) or gitlab[:FILE]",
          {.value = "FORMAT"});
  set.add("--metric", flags.metric, "gate accept: the metric", {.value = "M", .group = "Accepting a change"});
  set.add("--reason", flags.reason, "gate accept: why it is worth it",
          {.value = "TEXT", .group = "Accepting a change"});
  set.add("--expires", flags.expires, "gate accept: its last day (default: in 90 days)",
          {.value = "YYYY-MM-DD", .group = "Accepting a change"});
  set.add("--baseline-append", flags.of_baseline.append, "Words on the baseline's command line only",
          {.value = "WORDS", .group = "Subject"});
  set.add("--baseline-sysctl", flags.of_baseline.sysctls, "Set on the baseline's side only",
          {.value = "K=V", .group = "Subject"});
  set.add("--candidate-append", flags.of_candidate.append, "Words on the candidate's command line only",
          {.value = "WORDS", .group = "Subject"});
  set.add("--candidate-sysctl", flags.of_candidate.sysctls, "Set on the candidate's side only",
          {.value = "K=V", .group = "Subject"});
  set.add("--marker", flags.markers, "A text that must appear, in the order given (image files)", {.value = "TEXT"});
  add_run_flags(set, flags.run);
}

}  // namespace aios
