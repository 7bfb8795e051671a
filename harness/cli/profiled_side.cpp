// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/profiled_side.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/measure.h"
#include "harness/cli/stored_runs.h"
#include "harness/run/boot_profile.h"
#include "harness/run/repeat.h"
#include "harness/support/text.h"

namespace aios {
namespace {

bool is_profiled(const RunRecord& run, const std::vector<std::string>& scenarios) {
  const auto has = [&](const std::string& scenario) {
    return std::any_of(run.boots.begin(), run.boots.end(), [&](const BootRecord& boot) {
      return (scenario.empty() || boot.scenario == scenario) && boot.logs.contains(kProfileLog);
    });
  };
  if (scenarios.empty()) return has("");
  return std::all_of(scenarios.begin(), scenarios.end(), has);
}

Status check_exact(const RunRecord& run) {
  if (run.mode == "exact") return {};
  return config_error(fmt::format("run {} is of mode {}: a profile counts instructions", run.provenance.run, run.mode),
                      {}, "explain subjects, or runs in exact mode");
}

// The same request with the profile on. What differs is said: in exact mode nothing should.
Result<RunRecord> repeat_profiled(const Context& context, Store& store, const RunRecord& before,
                                  std::vector<std::string>& notes) {
  const std::string& id = before.provenance.run;
  context.progress.note(fmt::format("{} has no profile: measured again with one", id));
  RunRecord now = TRY(measure_profiled(context, store, TRY(request_of(store, id))));
  for (const RunDifference& difference : differences(before, now)) {
    notes.push_back(fmt::format("{} is not what it was: {}: {} then, {} now", id, difference.what, difference.before,
                                difference.after));
  }
  return now;
}

Result<RunRecord> run_of(const Context& context, Store& store, const std::string& word, const RunFlags& flags,
                         bool fresh, const std::vector<std::string>& scenarios, std::vector<std::string>& notes) {
  const bool is_subject = resolve_subject(context, word, {}).ok();
  auto stored = store.find(word);
  if (stored.ok()) {
    RunRecord run = TRY(store.read_run(*stored)).run;
    TRY(check_exact(run));
    if (is_profiled(run, scenarios)) return run;
    return repeat_profiled(context, store, run, notes);
  }
  if (!is_subject) return std::move(stored).error();
  const RunRequest request = TRY(make_request(context, word, flags));
  if (!fresh && request.subject.append.empty() && request.subject.sysctls.empty() && flags.machine.empty()) {
    RunFilter filter;
    filter.subject = request.subject.text();
    filter.outcome = "complete";
    filter.mode = "exact";
    constexpr std::size_t kRecent = 20;
    filter.limit = kRecent;
    const BuiltKernel built = TRY(build_subject(context, store.cache(), request.subject, {}));
    for (const RunSummary& summary : TRY(store.list(filter))) {
      auto known = store.read_run(summary.id);
      // Only of this very kernel: its tree may have changed since.
      if (!known.ok() || !is_profiled(known->run, scenarios) || !known->run.append.empty() ||
          !known->run.sysctls.empty() || known->run.inputs["build"] != built.key) {
        continue;
      }
      context.progress.note(fmt::format("{}: stored run {}", word, summary.id));
      return std::move(known->run);
    }
  }
  context.progress.note(fmt::format("{}: measured now", word));
  return measure_profiled(context, store, request);
}

}  // namespace

const Profile* ProfiledSide::with(const std::string& metric) const {
  for (const Profile& profile : profiles) {
    if (profile.span(metric) != nullptr) return &profile;
  }
  return nullptr;
}

Result<std::vector<Profile>> stored_profiles(const Store& store, const RunRecord& run) {
  std::vector<Profile> profiles;
  for (const BootRecord& boot : run.boots) {
    const auto log = boot.logs.find(kProfileLog);
    if (log == boot.logs.end() || boot.perturbation != 0) continue;
    const fs::path file = store.run_folder(run.provenance.run) / "logs" / fs::path(log->second).filename();
    Profile profile = TRY(profile_from_json(TRY(read_file(file)), file.string()));
    const bool known = std::any_of(profiles.begin(), profiles.end(),
                                   [&](const Profile& other) { return other.scenario == profile.scenario; });
    if (!known) profiles.push_back(std::move(profile));
  }
  return profiles;
}

Result<ProfiledSide> profiled_side(const Context& context, Store& store, const std::string& word, const RunFlags& flags,
                                   bool fresh) {
  ProfiledSide side;
  std::vector<std::string> scenarios;
  for (const std::string& words : flags.scenarios) {
    for (const std::string& name : split(words, ',')) scenarios.emplace_back(trim(name));
  }
  // Of a group any will do.
  std::erase_if(scenarios, [](const std::string& name) { return name.empty() || name == "core" || name == "all"; });
  side.run = TRY(run_of(context, store, word, flags, fresh, scenarios, side.notes));
  TRY(check_exact(side.run));
  side.profiles = TRY(stored_profiles(store, side.run));
  if (side.profiles.empty()) {
    std::string reason = "no boot of it was finished in exact mode";
    for (const BootRecord& boot : side.run.boots) {
      if (!boot.error.empty()) reason = boot.error;
    }
    return infra_fault(fmt::format("{}: there is no profile: {}", word, reason), side.run.provenance.run,
                       "aios-bench log " + side.run.provenance.run);
  }
  return side;
}

}  // namespace aios
