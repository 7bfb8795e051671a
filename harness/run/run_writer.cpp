// SPDX-License-Identifier: Apache-2.0
#include "harness/run/run_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/host_metrics.h"
#include "harness/support/hash.h"
#include "harness/support/text.h"

namespace aios {
namespace {

std::string numbered(const char* key, int boot) { return boot == 0 ? key : fmt::format("{} {}", key, boot); }

// The head again, and what a run killed in the middle has besides.
Status same_inputs(const RunRecord& before, const RunRecord& now) {
  for (const auto& [name, value] : now.inputs) {
    const auto found = before.inputs.find(name);
    if (found == before.inputs.end() || found->second == value) continue;
    return config_error(fmt::format("'{}' is another than when this run began", name), before.provenance.run,
                        "start a new run");
  }
  return {};
}

}  // namespace

Result<RunWriter> RunWriter::begin(RunRecord head, const Plan& plan, const RunRequest& request, const RunEnv& env) {
  head.outcome = "running";
  head.provenance.started = utc_time(env.clock->unix_seconds());
  RunBundle bundle = TRY(env.store->create_run(head));
  RunWriter writer(std::move(bundle), std::move(head), env);
  Status written = writer.bundle_.write_document("plan.json", plan_to_json(plan));
  if (written.ok()) written = writer.bundle_.write_document("request.json", request_to_json(request));
  if (!written.ok()) {
    writer.abandon();
    return std::move(written).error();
  }
  return writer;
}

Result<RunWriter> RunWriter::resume(const std::string& id, const Plan& plan, const RunRecord& head, const RunEnv& env) {
  const fs::path folder = env.store->run_folder(id);
  StoredRun stored = TRY(env.store->read_run(id));
  if (TRY(read_document(folder, "plan.json")) != plan_to_json(plan)) {
    return config_error("what this run was to do has changed since: scenarios, machine or flags", id,
                        "start a new run");
  }
  TRY(same_inputs(stored.run, head));
  RunBundle bundle = TRY(RunBundle::resume(folder));
  stored.run.outcome = "running";
  const std::string resumed = utc_time(env.clock->unix_seconds());
  std::string& times = stored.run.provenance.extra["resumed"];
  times += times.empty() ? resumed : " " + resumed;
  TRY(bundle.write_head(stored.run));
  return RunWriter(std::move(bundle), std::move(stored.run), env);
}

bool RunWriter::has(int boot) const {
  return std::any_of(run_.boots.begin(), run_.boots.end(), [boot](const BootRecord& b) { return b.index == boot; });
}

void RunWriter::note_inputs(const BootAttempt& attempt) {
  const BootRecord& boot = attempt.record;
  auto& wall = run_.provenance.wall_seconds;
  wall[fmt::format("boot {}", boot.index)] = attempt.wall_seconds;
  if (attempt.wall_to_init) wall[numbered(kWallToInitKey, boot.index)] = *attempt.wall_to_init;
  if (attempt.wall_to_ready) wall[numbered(kWallToReadyKey, boot.index)] = *attempt.wall_to_ready;
  if (!attempt.initramfs_hash.empty()) run_.inputs["initramfs " + boot.scenario] = attempt.initramfs_hash;
  if (!attempt.devices.empty()) run_.inputs["devices"] = sha256(join(attempt.devices, "\n"));
  if (!attempt.machine_version.empty()) {
    run_.inputs["qemu"] = attempt.machine_version;
    run_.provenance.qemu_version = attempt.machine_version;
  }
  if (!attempt.machine_command.empty() && !run_.provenance.extra.contains("command")) {
    run_.provenance.extra["command"] = attempt.machine_command;
  }
  if (!attempt.error && run_.boots.empty()) run_.fidelity = attempt.fidelity;
  // What the host took away from exactness in one boot holds for the run.
  if (!attempt.error && attempt.fidelity == Fidelity::counted) run_.fidelity = Fidelity::counted;
}

Status RunWriter::add(BootAttempt attempt) {
  BootRecord& boot = attempt.record;
  for (const auto& [what, text] : attempt.logs) {
    if (text.empty()) continue;
    boot.logs[what] = TRY(bundle_.write_log(fmt::format("boot-{}.{}.{}.log", boot.index, boot.scenario, what), text));
  }
  if (attempt.error) {
    boot.error_kind = to_string(attempt.error->kind);
    if (boot.error.empty()) boot.error = attempt.error->what;
    // The whole of it, with what was last on the console, is evidence and not part of what two runs must agree in.
    TRY(bundle_.write_log(fmt::format("boot-{}.{}.error.log", boot.index, boot.scenario), attempt.error->describe()));
  }
  TRY(bundle_.append_boot(boot, attempt.samples));
  for (const Metric& metric : attempt.metrics) {
    if (find_metric(run_, metric.name) == nullptr) run_.metrics.push_back(metric);
  }
  note_inputs(attempt);
  run_.boots.push_back(boot);
  run_.samples.insert(run_.samples.end(), attempt.samples.begin(), attempt.samples.end());
  TRY(bundle_.refresh_head(run_));
  if (env_->on_boot) env_->on_boot(boot, attempt.samples);
  return {};
}

Result<RunRecord> RunWriter::seal(const std::string& outcome) {
  run_.outcome = outcome;
  run_.provenance.finished = utc_time(env_->clock->unix_seconds());
  run_.provenance.wall_seconds["total"] += seconds(env_->clock->monotonic() - started_);
  TRY(bundle_.seal(run_));
  env_->store->note_run(bundle_.id());
  return run_;
}

void RunWriter::abandon() {
  if (!run_.boots.empty()) {
    env_->store->note_run(bundle_.id());
    return;
  }
  [[maybe_unused]] const Status removed = remove_tree(bundle_.folder());
}

}  // namespace aios
