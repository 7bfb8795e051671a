// SPDX-License-Identifier: Apache-2.0
// Finds the commits that moved a metric.
#include <fmt/format.h>

#include "harness/build/git_source.h"
#include "harness/cli/commands.h"
#include "harness/cli/measure.h"
#include "harness/cli/metric_scenario.h"
#include "harness/cli/run_flags.h"
#include "harness/experiment/bisect.h"
#include "harness/experiment/budget.h"
#include "harness/manifest/kernel_manifest.h"
#include "harness/store/run_id.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct BisectFlags {
  std::string kernel, good, bad, metric, resume, min_step, budget;
  RunFlags run;
  double confidence = 95;
  int boots = 0;
  bool json = false;
};

// "12" in the metric's own unit, "2%" of the whole difference.
Status read_min_step(const std::string& text, BisectRules& rules) {
  if (text.empty()) return {};
  const bool share = text.ends_with('%');
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  const bool whole = end != text.c_str() && std::string_view(end) == (share ? "%" : "");
  if (!whole || !(value >= 0) || value > 1e15 || (share && value >= 100)) {
    return config_error(fmt::format("'{}' is no size of a step", text), "--min-step",
                        "a number in the metric's unit (12), or a share of the whole difference (2%)");
  }
  rules.min_share = share ? value / 100 : 0;
  rules.min_step = share ? 0 : value;
  return {};
}

struct Repository {
  fs::path path;
  BuildEnv env;
};

Result<Repository> repository_behind(const Context& context, const Store& store, const Subject& subject) {
  if (subject.is_image()) return config_error("an image file has no commits", subject.image.string());
  const Kernel kernel = TRY(find_kernel(context.paths.kernels(), subject.kernel));
  return Repository{TRY(repository_of(kernel)), BuildEnv{store.cache(), &context.progress, &context.cancel}};
}

Result<BisectRequest> ask(const Context& context, const Store& store, const BisectFlags& flags) {
  for (const auto& [value, name] :
       {std::pair{&flags.good, "--good"}, {&flags.bad, "--bad"}, {&flags.metric, "--metric"}}) {
    if (value->empty()) {
      return config_error(fmt::format("{} is missing", name), {},
                          "aios-bench bisect --good REF --bad REF --metric M KERNEL, or --resume ID");
    }
  }
  if (flags.kernel.empty()) return config_error("say which kernel", {}, "`aios-bench list kernels` shows them");
  if (!(flags.confidence > 50 && flags.confidence < 100)) {
    return config_error(fmt::format("{:g} is no confidence", flags.confidence), "--confidence",
                        "percent, more than 50 and less than 100");
  }
  BisectRequest request;
  request.run = TRY(make_request(context, flags.kernel, flags.run));
  if (!request.run.subject.ref.empty()) {
    return config_error(fmt::format("'{}' names a commit, and bisect chooses the commits itself", flags.kernel), {},
                        "leave '@REF' out");
  }
  request.run.cold = true;  // a commit is booted once: a guest saved on the way would only take room
  const Repository repository = TRY(repository_behind(context, store, request.run.subject));
  const Kernel kernel = TRY(find_kernel(context.paths.kernels(), request.run.subject.kernel));
  request.metric = flags.metric;
  TRY(choose_scenario_of(context, flags.metric, kernel, request.run));
  request.good_name = flags.good;
  request.bad_name = flags.bad;
  request.good = TRY(resolve_commit(repository.path, flags.good, repository.env));
  request.bad = TRY(resolve_commit(repository.path, flags.bad, repository.env));
  if (request.good == request.bad) {
    return config_error(fmt::format("'{}' and '{}' are the same commit", flags.good, flags.bad), "--bad");
  }
  request.rules.exact = request.run.mode != Mode::timed;
  request.rules.confidence = flags.confidence / 100;
  if (flags.boots > 0) request.rules.boots = flags.boots;
  TRY(read_min_step(flags.min_step, request.rules));
  return request;
}

Result<CommitHistory> read_history(const Repository& repository, const BisectRequest& request) {
  CommitHistory history{request.good, request.bad, {}};
  for (auto& commit : TRY(commits_between(repository.path, request.good, request.bad, repository.env))) {
    std::string id = commit.id;
    history.commits.emplace(std::move(id), Commit{commit.id, std::move(commit.parents), std::move(commit.title)});
  }
  return history;
}

Result<BisectLog> open_log(const Context& context, const Store& store, const BisectFlags& flags) {
  const fs::path all = store.root() / "bisects";
  if (flags.resume.empty()) {
    const BisectRequest request = TRY(ask(context, store, flags));
    return BisectLog::begin(all / make_run_id(unix_nanoseconds_now()), request);
  }
  if (!flags.kernel.empty() || !flags.good.empty() || !flags.bad.empty() || !flags.metric.empty() ||
      flags.run.given()) {
    return config_error("a bisection that goes on knows what it asked for: no other flags go with --resume", {},
                        "begin a new one with these flags instead");
  }
  if (!is_run_id(flags.resume)) {
    return config_error(fmt::format("'{}' is no ID of a bisection", flags.resume), "--resume");
  }
  return BisectLog::resume(all / flags.resume);
}

Result<int> bisect(Context& context, const BisectFlags& flags) {
  const double budget = flags.budget.empty() ? 0 : TRY(parse_budget(flags.budget, "--budget"));
  Store store = TRY(Store::open(context.paths.store));
  BisectLog log = TRY(open_log(context, store, flags));
  const Repository repository = TRY(repository_behind(context, store, log.request().run.subject));
  const CommitHistory history = TRY(read_history(repository, log.request()));
  const std::size_t commits = TRY(main_line(history)).size();
  context.progress.note(fmt::format(
      "bisection {}: {} commits between {} and {}{}", log.id(), commits - 1, log.request().good_name,
      log.request().bad_name,
      log.measurements().empty() ? std::string() : fmt::format(", {} measured before", log.measurements().size())));
  Measurer measurer;
  measurer.measure = [&](const RunRequest& request) { return measure(context, store, request); };
  measurer.clock = &context.clock;
  measurer.cancel = &context.cancel;
  measurer.progress = &context.progress;
  const BisectReport report = TRY(run_bisect(log, history, measurer, budget));
  context.print(flags.json ? bisect_to_json(report) : bisect_to_text(report));
  return bisect_exit_code(report);
}

}  // namespace

CommandSpec bisect_command() {
  return {
      "bisect", "Find the commits that moved a metric, each with its size",
      "  aios-bench bisect --good v1 --bad v2 --metric syscall.null mine\n  aios-bench bisect --good HEAD~200 --bad "
      "HEAD --metric boot.to_init mine:small --min-step 5%\n  aios-bench bisect --resume 20261120-184100-k3fx7q",
      [](FlagSet& set) -> Action {
        auto flags = std::make_shared<BisectFlags>();
        set.add("KERNEL", flags->kernel, "KERNEL[:VARIANT][+MODULE][-MODULE] whose source is a git repository");
        set.add("--good", flags->good, "The commit to hold the others against", {.value = "REF"});
        set.add("--bad", flags->bad, "A later commit, where the metric is another", {.value = "REF"});
        set.add("--metric", flags->metric, "What moved", {.value = "METRIC"});
        set.add("--min-step", flags->min_step,
                "Do not tell smaller steps apart: in the metric's unit, or as a share of the difference "
                "(default: 1%)",
                {.value = "N|N%"});
        set.add("--resume", flags->resume, "Go on with a bisection that was killed", {.value = "ID"});
        set.add("--budget", flags->budget, "Stop after this time: 90s, 10m, 1h30m", {.value = "T"});
        set.add("--confidence", flags->confidence, "Timed: how sure to be of the whole answer, in percent",
                {.value = "P", .show_default = true});
        set.add("--boots", flags->boots, "Timed: boots of a commit at a time (default: 3)", {.value = "N"});
        set.add("--scenario", flags->run.scenarios, "Scenarios to run (default: the one that measures the metric)",
                {.value = "A,B"});
        set.add("--machine", flags->run.machine, "Where it runs (aios-bench list machines)", {.value = "M"});
        set.add("--mode", flags->run.mode, "exact: counted; timed: real time",
                {.choices = {"exact", "timed", "auto"}, .show_default = true});
        set.add("--timeout", flags->run.timeout, "Seconds that one boot may take", {.value = "T"});
        set.add("--json", flags->json, "One JSON document on standard output");
        add_subject_flags(set, flags->run.subject);
        return [flags](Context& context) { return bisect(context, *flags); };
      }};
}

}  // namespace aios
