// SPDX-License-Identifier: Apache-2.0
#include "harness/store/transfer.h"

#include <fmt/format.h>

#include "harness/store/run_id.h"
#include "harness/store/run_index.h"
#include "harness/store/seal.h"
#include "harness/store/verdict_note.h"

namespace aios {
namespace {

// Removed again unless it was renamed into place.
class Incoming {
 public:
  explicit Incoming(fs::path path) : path_(std::move(path)) {}
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;
  ~Incoming() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Result<std::uint64_t> copy_bundle(const fs::path& from, const fs::path& to) {
  std::uint64_t bytes = 0;
  std::error_code code;
  TRY(make_folders(to));
  for (fs::recursive_directory_iterator it(from, code), end; !code && it != end; it.increment(code)) {
    const fs::path name = it->path().lexically_relative(from);
    std::error_code ignored;
    if (it->is_symlink(ignored) || name == "lock") continue;
    if (it->is_directory(ignored)) {
      TRY(make_folders(to / name));
    } else {
      TRY(copy_file_to(it->path(), to / name));
      bytes += it->file_size(ignored);
    }
  }
  if (code) return system_error("cannot read", from.string(), code.value());
  return bytes;
}

Status copy_artifacts(const Store& from, Store& to, const RunRecord& run, TransferReport& report) {
  for (const auto& [name, hash] : run.inputs) {
    const auto path = from.artifact(hash);
    if (!path || to.artifact(hash)) continue;
    if (TRY(to.put_artifact(*path)) != hash) {
      report.conflicts.push_back(fmt::format("artifact {}: its content has changed", hash));
    } else {
      std::error_code ignored;
      report.bytes += fs::file_size(*path, ignored);
    }
  }
  return {};
}

// The newer of the two, where both stores have one.
Status copy_verdict(const Store& from, const Store& to, const std::string& id) {
  const auto here = verdict_on(from, id);
  if (!here) return {};
  const auto there = verdict_on(to, id);
  if (there && there->judged >= here->judged) return {};
  return write_verdict(to, *here);
}

}  // namespace

Result<TransferReport> transfer_runs(const Store& from, Store& to, const std::vector<std::string>& only,
                                     Progress& progress, const CancelToken& cancel) {
  TransferReport report;
  const std::vector<std::string> ids = only.empty() ? bundle_ids(from.runs()) : only;
  std::uint64_t done = 0;
  for (const std::string& id : ids) {
    TRY(cancel.check());
    const std::string text = fmt::format("copying {}", id);
    progress.step({text, done++, ids.size(), {}});
    const fs::path source = from.run_folder(id);
    const std::string hash = seal_hash(source);
    if (hash.empty()) {
      if (!fs::exists(source)) return config_error(fmt::format("no run '{}' there", id), from.root().string());
      report.unsealed.push_back(id);
      continue;
    }
    if (fs::exists(to.run_folder(id))) {
      if (seal_hash(to.run_folder(id)) == hash) {
        report.present.push_back(id);
        TRY(copy_verdict(from, to, id));
      } else {
        report.conflicts.push_back(fmt::format("{}: the other store has another run of this name", id));
      }
      continue;
    }
    // Named as the run, so that the seal's errors name it; hidden from lists by the folder around it.
    const Incoming scratch(to.runs() / fmt::format(".incoming-{}", make_run_id(unix_nanoseconds_now())));
    const fs::path copy = scratch.path() / id;
    const std::uint64_t bytes = TRY(copy_bundle(source, copy));
    const Status whole = verify_seal(copy);
    if (!whole.ok()) {
      report.conflicts.push_back(fmt::format("{}: {}", id, whole.error().what));
      continue;
    }
    const StoredRun run = TRY(read_bundle(copy));
    TRY(copy_artifacts(from, to, run.run, report));
    std::error_code code;
    fs::rename(copy, to.run_folder(id), code);
    if (code && !fs::exists(to.run_folder(id))) {
      return system_error("cannot rename into place", to.run_folder(id).string(), code.value());
    }
    report.bytes += bytes;
    report.copied.push_back(id);
    TRY(copy_verdict(from, to, id));
  }
  return report;
}

}  // namespace aios
