// SPDX-License-Identifier: Apache-2.0
// One plan while it is carried out, boot by boot: attempts and retries, who is to blame, what is stored, when going on
// makes no sense. In which order the boots come is for the one who holds it: all of them in a row (execute.h), or in
// turn with those of another plan (interleave.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/run/boot_attempt.h"
#include "harness/run/run_writer.h"
#include "harness/run/shared_progress.h"

namespace aios {

// What a run begins with: everything that is known before its first boot.
Result<RunRecord> head_of_run(const Plan& plan, const BuiltKernel& kernel, const RunEnv& env);

// Everything that is passed in must outlive it.
class Executor {
 public:
  Executor(const Plan& plan, const BuiltKernel& kernel, const RunEnv& env, std::vector<BootSymbol> symbols,
           RunWriter& writer);

  // Every boot that the run has not yet, side by side where the host's load changes no figure.
  Status run_all();
  // This one, now. Nothing where it is there already or where the run has stopped.
  Status run_one(const PlannedBoot& boot);

  bool stopped() const { return stop_; }  // further boots would only fail alike
  std::string outcome() const;            // "complete", "failed", "infra", "config"

 private:
  void say(const PlannedBoot& boot);
  Result<BootAttempt> with_retries(const PlannedBoot& boot);
  void blame_silence(BootAttempt& attempt);
  Status take(const PlannedBoot& boot, Result<BootAttempt> made);

  const Plan& plan_;
  const BuiltKernel& kernel_;
  SharedProgress progress_;
  RunEnv env_;
  std::vector<BootSymbol> symbols_;
  RunWriter& writer_;
  std::size_t jobs_ = 1;
  bool stop_ = false;
  std::optional<bool> known_good_;
};

// Seals what was measured. A config error where the machine turned out not to suit the kernel: what was seen is kept.
Result<RunRecord> seal_run(RunWriter& writer, const Plan& plan, const std::string& outcome);
// What cannot go on: kept where a boot of it was finished (and the error says how to resume), removed where none was.
Error leave_run(RunWriter& writer, Error error);

}  // namespace aios
