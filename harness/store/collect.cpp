// SPDX-License-Identifier: Apache-2.0
#include "harness/store/collect.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <set>

#include "harness/store/run_index.h"

namespace aios {
namespace {

constexpr std::chrono::hours kUnfinishedCopyAge{1};
// A lock whose file is gone locks nothing: the next one to come makes another file and waits for nobody.
constexpr const char* kLocks = "locks";

// The last time anything in it was read or written.
std::time_t last_use(const fs::path& path) {
  std::time_t newest = 0;
  const auto look = [&](const fs::path& file) {
    struct stat info {};
    if (::lstat(file.c_str(), &info) != 0) return;
    newest = std::max(newest, info.st_mtime);
    if (S_ISREG(info.st_mode)) newest = std::max(newest, info.st_atime);
  };
  look(path);
  std::error_code code;
  for (fs::recursive_directory_iterator it(path, code), end; !code && it != end; it.increment(code)) look(it->path());
  return newest;
}

bool older(const fs::path& path, std::chrono::hours age) {
  return age.count() == 0 || std::time(nullptr) - last_use(path) > std::chrono::seconds(age).count();
}

bool is_ours(const fs::path& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::getuid();
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code code;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) out.push_back(it->path());
  std::sort(out.begin(), out.end());
  return out;
}

class Collector {
 public:
  Collector(Store& store, const CollectPolicy& policy) : store_(store), policy_(policy) {}

  Result<CollectReport> run() {
    TRY(runs());
    for (const fs::path& kind : entries(store_.cache())) {
      if (kind.filename() == kLocks) continue;
      for (const fs::path& entry : fs::is_directory(kind) ? entries(kind) : std::vector<fs::path>{kind}) {
        if (older(entry, policy_.cache_age)) TRY(drop("cache", entry));
      }
    }
    for (const fs::path& folder : entries(store_.artifacts())) {
      for (const fs::path& file : entries(folder)) {
        const std::string name = file.filename().string();
        // What is not a hash is a copy that was not finished; a fresh one may be in the making.
        const bool wanted = is_content_hash(name) ? used_.contains(name) : !older(file, kUnfinishedCopyAge);
        if (!wanted && older(file, kUnfinishedCopyAge)) TRY(drop("artifact", file));
      }
    }
    if (!policy_.scratch.empty()) {
      for (const fs::path& entry : entries(policy_.scratch)) {
        if (!entry.filename().string().starts_with("aios-bench-") || !is_ours(entry)) continue;
        if (older(entry, policy_.scratch_age)) TRY(drop("scratch", entry));
      }
    }
    return std::move(report_);
  }

 private:
  Status runs() {
    std::map<std::string, std::size_t> kept;
    for (const RunSummary& run : TRY(store_.list())) {  // newest first
      const fs::path folder = store_.run_folder(run.id);
      const bool killed = !run.sealed && run.error.empty() && run.outcome != "running";
      const std::string group = fmt::format("{} {} {}", run.subject, run.machine, run.mode);
      if (killed && (run.boots == 0 || policy_.killed_runs)) {
        TRY(drop(run.boots == 0 ? "run without a result" : "killed run", folder));
      } else if (run.sealed && policy_.keep_runs && ++kept[group] > *policy_.keep_runs) {
        TRY(drop("run", folder));
      } else if (const auto stored = store_.read_run(run.id); stored.ok()) {
        for (const auto& [name, hash] : stored->run.inputs) used_.insert(hash);
      }
    }
    for (const fs::path& entry : entries(store_.runs())) {
      const std::string name = entry.filename().string();
      const bool copy = name.starts_with(".incoming-");
      const bool empty = !copy && fs::is_directory(entry) && !fs::exists(entry / "run.json");
      if ((copy || empty) && older(entry, kUnfinishedCopyAge)) TRY(drop("unfinished copy", entry));
    }
    return {};
  }

  Status drop(const std::string& what, const fs::path& path) {
    std::error_code ignored;
    const std::uint64_t bytes = fs::is_regular_file(path, ignored) ? fs::file_size(path, ignored) : tree_size(path);
    if (!policy_.dry_run) {
      // Out of sight first: a removal that is interrupted leaves no half run behind.
      fs::path away = path;
      if (path.parent_path() == store_.runs()) away.replace_filename(".incoming-" + path.filename().string());
      if (away != path) fs::rename(path, away, ignored);
      TRY(remove_tree(ignored ? path : away));
    }
    report_.items.push_back({what, path, bytes});
    report_.bytes += bytes;
    return {};
  }

  Store& store_;
  const CollectPolicy& policy_;
  std::set<std::string> used_;
  CollectReport report_;
};

}  // namespace

Result<CollectReport> collect_garbage(Store& store, const CollectPolicy& policy) {
  CollectReport report = TRY(Collector(store, policy).run());
  if (!policy.dry_run) TRY(store.rebuild());
  return report;
}

}  // namespace aios
