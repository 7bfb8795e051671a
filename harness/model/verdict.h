// SPDX-License-Identifier: Apache-2.0
// The nouns of judging: a claim with its target, and the verdict on it. No run, no verdict: a claim is never met by
// decree.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/unit.h"

namespace aios {

enum class Relation { at_most, less_than, at_least, equals_yes };

struct Target {
  std::string metric;
  Relation relation = Relation::at_most;
  double value = 0;
  Unit unit = Unit::count;
  // True where emulation can only be slower than the real thing, so that a pass there is a bound (boot time towards the
  // same machine model under KVM); never true of a cycle target.
  bool boundable = false;
};

struct Claim {
  std::string id;               // "A4"
  std::string kernel;           // "aios"
  std::string text;             // the promise in one sentence
  std::string source;           // document and section
  std::vector<Target> targets;  // all must hold
  // Whose runs can say something: subjects as they are written ("aios+ai_scheduler"). None: the kernel as it stands.
  std::vector<std::string> subjects;
  // Not empty: the targets are not measured but follow from `measures`, held against the same of this subject.
  std::string against;
  std::string measures;            // "codex_grid.token.h1.mean"
  std::string as;                  // "reduction" (1 - with / without) or "gain" (with / without)
  std::vector<std::string> needs;  // abilities without which it cannot be judged
  std::string machine_file;        // an example machine on which the same command would judge it
  std::string pending_reason;      // set where nothing measures it yet: what is missing ("not run" until then)
  std::string not_judged_reason;   // set where no machine here could ever judge it: why
};

enum class VerdictKind { met, missed, inconclusive, bounded, not_judged, not_run };

// "footprint.image_bytes < 10 MB", "checklist.fs_ext4 is yes": the same words as in claims.toml.
std::string to_string(const Target& target);

std::string_view to_string(VerdictKind kind);
Result<VerdictKind> parse_verdict(std::string_view text);

// One row of the ledger, one object of `aios-bench claims --json`.
struct ClaimVerdict {
  Claim claim;
  std::string target_text;      // "boot.to_init <= 5 s"
  std::optional<double> value;  // the measured figure that decides
  Unit unit = Unit::count;
  std::optional<Fidelity> fidelity;
  VerdictKind verdict = VerdictKind::not_run;
  std::string reason;
  std::string run;  // id of the run that it rests on
};

}  // namespace aios
