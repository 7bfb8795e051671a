// SPDX-License-Identifier: Apache-2.0
#include "harness/run/execute.h"

#include "harness/run/boot_scratch.h"
#include "harness/run/executor.h"
#include "harness/run/guest_media.h"
#include "harness/run/kernel_symbols.h"

namespace aios {
namespace {

Result<std::string> all_boots(RunWriter& writer, const Plan& plan, const BuiltKernel& kernel, const RunEnv& env) {
  std::vector<BootSymbol> symbols = TRY(kernel_symbols(plan, kernel));
  Executor executor(plan, kernel, env, std::move(symbols), writer);
  TRY(executor.run_all());
  return executor.outcome();
}

Result<RunRecord> carry_out(RunWriter& writer, const Plan& plan, const BuiltKernel& kernel, const RunEnv& env) {
  std::error_code code;
  sweep_boot_scratch(fs::temp_directory_path(code));
  RunEnv own = env;
  GuestMedia media(kernel, env.guest);
  if (!own.make_initramfs) {
    own.make_initramfs = [&media](const Plan& p, const PlannedBoot& b, const fs::path& out) {
      return media.make(p, b, out);
    };
  }
  Result<std::string> outcome = all_boots(writer, plan, kernel, own);
  if (!outcome.ok()) return leave_run(writer, std::move(outcome).error());
  return seal_run(writer, plan, *outcome);
}

}  // namespace

Result<RunRecord> execute_run(const Plan& plan, const RunRequest& request, const BuiltKernel& kernel,
                              const RunEnv& env) {
  RunRecord head = TRY(head_of_run(plan, kernel, env));
  RunWriter writer = TRY(RunWriter::begin(std::move(head), plan, request, env));
  return carry_out(writer, plan, kernel, env);
}

Result<RunRecord> resume_run(const std::string& id, const Plan& plan, const BuiltKernel& kernel, const RunEnv& env) {
  const RunRecord head = TRY(head_of_run(plan, kernel, env));
  RunWriter writer = TRY(RunWriter::resume(id, plan, head, env));
  return carry_out(writer, plan, kernel, env);
}

}  // namespace aios
