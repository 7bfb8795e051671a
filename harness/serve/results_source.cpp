// SPDX-License-Identifier: Apache-2.0
#include "harness/serve/results_source.h"

#include <fmt/format.h>

#include <set>

#include "harness/judge/claims.h"
#include "harness/store/verdict_note.h"

namespace aios {
namespace {

constexpr std::size_t kMostRuns = 300;
constexpr int kLedgerRunsOfAKernel = 30;
constexpr std::uint64_t kMostConsole = 8U << 20;

GuestMetrics guest_metrics_of(const Store& store, const RunRecord& run) {
  GuestMetrics last;
  for (const BootRecord& boot : run.boots) {
    const auto log = boot.logs.find("console");
    if (!boot.ok || log == boot.logs.end()) continue;
    const auto text = read_file(store.run_folder(run.provenance.run) / log->second, kMostConsole);
    if (!text.ok()) continue;
    GuestMetrics said = guest_metrics_of_console(*text);
    if (said.found || !said.left_out.empty()) last = std::move(said);
  }
  return last;
}

std::string fingerprint(const std::vector<RunSummary>& runs, const std::vector<GateWord>& gates) {
  std::string out;
  for (const RunSummary& run : runs) out += fmt::format("{} {} {} {}\n", run.id, run.outcome, run.boots, run.seal);
  for (const GateWord& gate : gates) {
    out += fmt::format("{} {} {} {}\n", gate.subject, gate.machine, gate.verdict, gate.judged);
  }
  return out;
}

// The latest word on each subject and machine.
std::vector<GateWord> gate_words(const Store& store, const std::vector<const RunSummary*>& runs) {
  std::map<std::pair<std::string, std::string>, GateWord> latest;
  for (const RunSummary* run : runs) {
    const auto note = verdict_on(store, run->id);
    if (!note) continue;
    GateWord& word = latest[{run->subject, run->machine}];
    if (note->judged >= word.judged) word = {run->kernel, run->subject, run->machine, note->verdict, note->judged};
  }
  std::vector<GateWord> out;
  out.reserve(latest.size());
  for (auto& [key, word] : latest) out.push_back(std::move(word));
  return out;
}

}  // namespace

struct ResultsSource::ReadRun {
  RunRecord run;
  GuestMetrics guest;
};

ResultsSource::ResultsSource(Store& store, std::vector<Claim> ledger, std::string harness_version)
    : store_(store), ledger_(std::move(ledger)), version_(std::move(harness_version)) {}

ResultsSource::~ResultsSource() = default;

std::vector<const RunSummary*> runs_that_speak(const std::vector<RunSummary>& newest_first) {
  std::vector<const RunSummary*> out;
  std::set<std::string> covered;
  for (const RunSummary& run : newest_first) {
    if (out.size() == kMostRuns) break;
    if (!run.error.empty() || run.own_words || (run.outcome != "complete" && run.outcome != "failed")) continue;
    const std::string subject =
        fmt::format("{} {} {}", run.kernel, variant_label(run.subject, run.kernel), run.machine);
    bool news = covered.insert(subject).second;
    if (run.outcome == "complete") {
      for (const std::string& scenario : run.scenarios) {
        news = covered.insert(fmt::format("{} {} {}", subject, run.mode, scenario)).second || news;
      }
    }
    if (news) out.push_back(&run);
  }
  return out;
}

std::shared_ptr<const ResultsSource::ReadRun> ResultsSource::read(const RunSummary& summary) {
  if (const auto known = read_.find(summary.id); known != read_.end()) return known->second;
  auto stored = store_.read_run(summary.id);
  if (!stored.ok()) return nullptr;  // one damaged bundle does not hide the others; `store verify` names it
  auto made = std::make_shared<ReadRun>();
  made->run = std::move(stored->run);
  made->guest = guest_metrics_of(store_, made->run);
  if (stored->sealed) read_[summary.id] = made;
  return made;
}

Result<std::shared_ptr<const PrometheusFamilies>> ResultsSource::gather() {
  const std::lock_guard lock(mutex_);
  PrometheusInput input;
  input.store = TRY(store_.list());
  input.with_store = true;
  input.harness_version = version_;
  const std::vector<const RunSummary*> speak = runs_that_speak(input.store);
  input.gates = gate_words(store_, speak);
  std::string seen = fingerprint(input.store, input.gates);
  if (last_ != nullptr && seen == seen_) return last_;

  std::map<std::string, std::shared_ptr<const ReadRun>> used;
  for (const RunSummary* summary : speak) {
    const auto run = read(*summary);
    if (run == nullptr) continue;
    used[summary->id] = run;
    input.runs.push_back(&run->run);
    input.guest_metrics[summary->id] = run->guest;
  }
  std::vector<RunRecord> for_ledger;
  std::map<std::string, int> taken;
  for (const RunSummary& summary : input.store) {
    if (!summary.error.empty() || ++taken[summary.kernel] > kLedgerRunsOfAKernel) continue;
    if (const auto run = read(summary)) {
      used[summary.id] = run;
      for_ledger.push_back(run->run);
    }
  }
  input.claims = judge_claims(ledger_, for_ledger);
  last_ = std::make_shared<PrometheusFamilies>(gather_prometheus(input));
  std::erase_if(read_, [&](const auto& entry) { return !used.contains(entry.first); });
  seen_ = std::move(seen);
  return last_;
}

}  // namespace aios
