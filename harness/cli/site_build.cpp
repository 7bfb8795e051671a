// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/site_build.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "harness/cli/report_parts.h"
#include "harness/experiment/calibration.h"
#include "harness/judge/claims.h"
#include "harness/judge/trend.h"
#include "harness/manifest/claims_manifest.h"
#include "harness/store/verdict_note.h"
#include "harness/support/hash.h"
#include "reports/headline.h"
#include "reports/html.h"
#include "reports/html/chart_library.h"
#include "reports/site.h"

namespace aios {
namespace {

constexpr std::size_t kMostRunsInHistory = 5000;
constexpr std::uint64_t kMostPage = 64U << 20;

// Untouched where it is already so: its date tells when it changed, and a mirror copies it no second time.
Result<bool> write_if_changed(const fs::path& file, const std::string& text) {
  std::error_code code;
  if (fs::file_size(file, code) == text.size() && !code) {
    const auto there = read_file(file, kMostPage);
    if (there.ok() && *there == text) return false;
  }
  TRY(write_file_atomic(file, text));
  return true;
}

class SiteBuilder {
 public:
  SiteBuilder(const Context& context, Store& store, fs::path folder)
      : context_(context), store_(store), folder_(std::move(folder)) {}

  Result<SiteResult> build() {
    TRY(check_folder());
    for (const char* part : {"runs", "assets"}) TRY(make_folders(folder_ / part));
    const auto lock = TRY(FileLock::acquire(folder_ / ".lock"));
    ledger_ = TRY(load_ledger(context_.paths.data));
    read_old_site();
    TRY(write_if_changed(folder_ / site_library_file(), chart_library_script()));
    const auto summaries = TRY(store_.list());
    for (const RunSummary& summary : summaries) {
      TRY(context_.cancel.check());
      context_.progress.step({.text = fmt::format("run {} of {}", runs_.size() + 1, summaries.size())});
      runs_.push_back(TRY(add_run(summary)));
    }
    const Trend trend = TRY(history());
    TRY(write_if_changed(folder_ / kSiteHistoryFile, render_site_history(trend.series, runs_)));
    TRY(write_if_changed(folder_ / "metrics.html", render_site_metrics(trend.series, runs_, AIOS_VERSION)));
    TRY(write_if_changed(folder_ / "index.html", render_site_index(runs_, AIOS_VERSION)));
    TRY(write_if_changed(folder_ / "site.json", site_to_json(runs_, maker_)));
    remove_old_pages();
    result_.runs = runs_.size();
    result_.series = trend.series.size();
    return result_;
  }

 private:
  // Whoever names a wrong folder does not lose an index.html.
  Status check_folder() {
    std::error_code code;
    if (!fs::exists(folder_, code) || fs::exists(folder_ / "site.json", code)) return {};
    if (!fs::is_directory(folder_, code)) return config_error("this is no folder", folder_.string());
    for (const auto& entry : fs::directory_iterator(folder_, code)) {
      const std::string name = entry.path().filename().string();
      // What a first run leaves that was interrupted.
      if (name == ".lock" || name == "runs" || name == "assets") continue;
      return config_error("the folder holds something else than a site", folder_.string(),
                          "name an empty folder, or one that `site` made");
    }
    return {};
  }

  // Another program or another ledger makes other pages.
  void read_old_site() {
    Sha256 hash;
    const auto program = sha256_file("/proc/self/exe");
    hash.field(program.ok() ? *program : AIOS_VERSION);
    for (const Claim& claim : ledger_) {
      hash.field(claim.kernel + " " + claim.id + " " + claim.text + " " + claim.source);
      for (const Target& target : claim.targets) hash.field(to_string(target));
    }
    maker_ = hash.hex();
    const auto text = read_file(folder_ / "site.json", kMostPage);
    if (!text.ok()) return;
    StoredSite site = site_from_json(*text);
    same_maker_ = site.maker == maker_;
    for (SiteRun& run : site.runs) old_[run.id] = std::move(run);
  }

  // What a run is, without reading it: its seal, or how far it has come.
  std::string key_of(const RunSummary& summary) const {
    if (!summary.seal.empty()) return summary.seal;
    std::string key = "unsealed";
    for (const char* name : {"run.json", "boots.jsonl", "samples.jsonl"}) {
      std::error_code code;
      const fs::path file = store_.run_folder(summary.id) / name;
      const auto size = fs::file_size(file, code);
      const auto time = fs::last_write_time(file, code).time_since_epoch().count();
      key += fmt::format(" {} {}", code ? 0 : size, code ? 0 : time);
    }
    return key;
  }

  Result<SiteRun> add_run(const RunSummary& summary) {
    SiteRun entry{.id = summary.id,
                  .started = summary.started,
                  .subject = summary.subject,
                  .kernel = summary.kernel,
                  .machine = summary.machine,
                  .mode = summary.mode,
                  .fidelity = summary.fidelity,
                  .label = summary.label,
                  .outcome = summary.outcome,
                  .key = key_of(summary),
                  .boots = summary.boots,
                  .samples = summary.samples};
    if (const auto note = verdict_on(store_, summary.id)) entry.verdict = note->verdict;
    auto stored = store_.read_run(summary.id);
    if (!stored.ok() || !summary.error.empty()) {
      entry.sentence = "cannot be read: " + (stored.ok() ? summary.error : stored.error().what);
      context_.progress.note(fmt::format("{} has no page: {}", summary.id, entry.sentence));
      return entry;
    }
    entry.page = true;
    entry.kernel_version = stored->run.kernel_version;
    const fs::path file = folder_ / site_page_of(summary.id);
    const auto old = old_.find(summary.id);
    std::error_code code;
    if (same_maker_ && old != old_.end() && old->second.key == entry.key && fs::exists(file, code)) {
      entry.sentence = old->second.sentence;
      ++result_.kept;
    } else {
      TRY(write_page(stored->run, file, entry));
    }
    const bool counts = !is_null_change(summary.label) && light_.size() < kMostRunsInHistory;
    if (counts) light_.push_back(light_run(std::move(stored->run)));
    return entry;
  }

  Status write_page(const RunRecord& run, const fs::path& file, SiteRun& entry) {
    // Everything on the page comes from the run: made again, it is the same.
    ReportModel model = make_report({run}, judge_claims(ledger_, {run}), run.provenance.finished, AIOS_VERSION);
    add_logs(model, store_);
    TRY(add_profiles(model, store_));
    entry.sentence = headline_of(model).sentence;
    const std::string page =
        render_html(model, {.chart_library = "../" + site_library_file(), .home = "../index.html"});
    const bool written = TRY(write_if_changed(file, page));
    ++(written ? result_.written : result_.kept);
    return {};
  }

  Result<Trend> history() {
    TrendOptions options;
    options.fence = [this](const std::string& kernel, const std::string& machine, const std::string& metric) {
      const auto taught = load_calibration(store_, machine, kernel);
      return taught ? taught->fence_for(metric) : std::nullopt;
    };
    if (light_.empty()) return Trend();
    context_.progress.phase(fmt::format("the history of {} runs is judged", light_.size()));
    return judge_trend(light_, options);
  }

  void remove_old_pages() {
    std::set<std::string> there;
    for (const SiteRun& run : runs_) {
      if (run.page) there.insert(run.id);
    }
    for (const auto& [id, run] : old_) {
      std::error_code code;
      // Only names that this program gives, whatever the file says.
      const bool ours = id.find_first_of("/\\") == std::string::npos && !id.starts_with('.');
      if (!there.contains(id) && ours && fs::remove(folder_ / site_page_of(id), code)) ++result_.removed;
    }
  }

  const Context& context_;
  Store& store_;
  fs::path folder_;
  std::vector<Claim> ledger_;
  std::string maker_;
  bool same_maker_ = false;
  std::map<std::string, SiteRun> old_;
  std::vector<SiteRun> runs_;
  std::vector<RunRecord> light_;
  SiteResult result_;
};

}  // namespace

Result<SiteResult> build_site(const Context& context, Store& store, const fs::path& folder) {
  return SiteBuilder(context, store, folder).build();
}

}  // namespace aios
