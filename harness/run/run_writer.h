// SPDX-License-Identifier: Apache-2.0
// One run while it is being made: the record in memory and its bundle on disk, always in step.
#pragma once

#include <string>
#include <vector>

#include "harness/run/boot_attempt.h"
#include "harness/run/run_env.h"
#include "harness/store/bundle.h"

namespace aios {

class RunWriter {
 public:
  static Result<RunWriter> begin(RunRecord head, const Plan& plan, const RunRequest& request, const RunEnv& env);
  static Result<RunWriter> resume(const std::string& id, const Plan& plan, const RunRecord& head, const RunEnv& env);

  const RunRecord& run() const { return run_; }
  bool has(int boot) const;

  // Logs, then samples and boot, all on disk when it returns; then env.on_boot is told.
  Status add(BootAttempt attempt);
  // Into the provenance; on disk with the next boot or the seal.
  void note(const std::string& key, const std::string& value) { run_.provenance.extra[key] = value; }
  Result<RunRecord> seal(const std::string& outcome);
  // Nobody will go on with it: a run without a finished boot is removed.
  void abandon();

 private:
  RunWriter(RunBundle bundle, RunRecord run, const RunEnv& env)
      : bundle_(std::move(bundle)), run_(std::move(run)), env_(&env), started_(env.clock->monotonic()) {}
  void note_inputs(const BootAttempt& attempt);

  RunBundle bundle_;
  RunRecord run_;
  const RunEnv* env_;
  Duration started_;
};

}  // namespace aios
