// SPDX-License-Identifier: Apache-2.0
#include "harness/store/store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "harness/model/migration.h"
#include "harness/store/run_id.h"
#include "harness/store/run_index.h"
#include "harness/store/seal.h"
#include "harness/support/hash.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kStoreFormat = 1;
const std::vector<SchemaStep> kSteps = {};  // from each older format to the next
constexpr int kIdAttempts = 100;

Status check_format(const fs::path& root) {
  const fs::path file = root / "format";
  if (!fs::exists(file)) {
    return write_file_atomic(file, dump_json(Json{{"schema", kStoreFormat}, {"what", "aios-bench store"}}) + "\n");
  }
  Json format = TRY(parse_json(TRY(read_file(file, 65536)), file.string()));
  const Json before = format;
  TRY(migrate_schema(format, kStoreFormat, kSteps, file.string()));
  if (format != before) TRY(write_file_atomic(file, dump_json(format) + "\n"));
  return {};
}

}  // namespace

bool is_content_hash(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Store::Store(fs::path root) : root_(std::move(root)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open(const fs::path& root) {
  std::error_code code;
  fs::path whole = fs::absolute(root, code);
  if (code) return system_error("cannot find the store", root.string(), code.value());
  Store store(std::move(whole));
  for (const fs::path& folder : {store.runs(), store.artifacts(), store.cache()}) TRY(make_folders(folder));
  TRY(check_format(store.root()));
  return store;
}

Result<RunIndex*> Store::index() {
  if (index_ == nullptr) {
    index_ = std::make_unique<RunIndex>(TRY(RunIndex::open(root_ / "index.sqlite", runs())));
  }
  return index_.get();
}

Result<RunBundle> Store::create_run(RunRecord& head) {
  for (int attempt = 0; attempt < kIdAttempts; ++attempt) {
    const std::string id = make_run_id(unix_nanoseconds_now());
    const fs::path folder = run_folder(id);
    if (::mkdir(folder.c_str(), 0755) != 0) {
      if (errno == EEXIST) continue;
      return system_error("cannot create a run", folder.string(), errno);
    }
    head.provenance.run = id;
    Result<RunBundle> bundle = RunBundle::create(folder, head);
    if (!bundle.ok()) {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
    }
    return bundle;
  }
  return infra_fault("found no free name for a run", runs().string());
}

Result<RunBundle> Store::resume_run(const std::string& id) { return RunBundle::resume(run_folder(id)); }

void Store::note_run(const std::string& id) {
  const auto ready = index();
  if (ready.ok()) [[maybe_unused]]
    const Status told = (*ready)->put(id);
}

Result<StoredRun> Store::read_run(const std::string& id) const {
  if (!is_run_id(id) || !fs::exists(run_folder(id) / "run.json")) {
    return config_error(fmt::format("no run '{}' in this store", id), root_.string(),
                        "aios-bench store list shows them");
  }
  return read_bundle(run_folder(id));
}

Result<std::string> Store::find(const std::string& text) {
  if (is_run_id(text) && fs::exists(run_folder(text) / "run.json")) return text;
  RunIndex* index = TRY(this->index());
  TRY(index->refresh());
  if (text == "latest") {
    const auto newest = TRY(index->list({.limit = 1}));
    if (newest.empty()) return config_error("there is no run in this store yet", root_.string());
    return newest.front().id;
  }
  const auto labelled = TRY(index->list({.label = text, .limit = 1}));
  if (!text.empty() && !labelled.empty()) return labelled.front().id;
  const auto ids = text.size() < 4 ? std::vector<std::string>() : TRY(index->ids_with_prefix(text));
  if (ids.size() == 1) return ids.front();
  if (ids.size() > 1) {
    return config_error(fmt::format("'{}' begins {} runs", text, ids.size()), root_.string(),
                        fmt::format("say more of it: {} ... {}", ids.front(), ids.back()));
  }
  std::vector<std::string> labels;
  for (const RunSummary& run : TRY(index->list({}))) {
    if (!run.label.empty()) labels.push_back(run.label);
  }
  return config_error(fmt::format("no run and no label '{}' in this store{}", text, did_you_mean(text, labels)),
                      root_.string(), "aios-bench store list shows them");
}

Result<std::vector<RunSummary>> Store::list(const RunFilter& filter) {
  RunIndex* index = TRY(this->index());
  TRY(index->refresh());
  return index->list(filter);
}

Result<std::optional<RunSummary>> Store::newest(RunFilter filter) {
  filter.limit = 1;
  auto found = TRY(list(filter));
  if (found.empty()) return std::optional<RunSummary>();
  return std::optional<RunSummary>(std::move(found.front()));
}

Status Store::verify(const std::string& id) const {
  TRY(verify_seal(run_folder(id)));
  TRY(read_bundle(run_folder(id)));
  return {};
}

Status Store::rebuild() {
  RunIndex* index = TRY(this->index());
  return index->rebuild();
}

fs::path Store::artifact_path(const std::string& hash) const {
  return is_content_hash(hash) ? artifacts() / hash.substr(0, 2) / hash : fs::path();
}

std::optional<fs::path> Store::artifact(const std::string& hash) const {
  fs::path path = artifact_path(hash);
  if (path.empty() || !fs::exists(path)) return std::nullopt;
  return path;
}

Result<std::string> Store::put_artifact(const fs::path& file) {
  const std::string hash = TRY(sha256_file(file));
  if (artifact(hash)) return hash;
  const fs::path to = artifact_path(hash);
  TRY(make_folders(to.parent_path()));
  auto scratch = to;
  scratch += fmt::format(".{}", make_run_id(unix_nanoseconds_now()));
  Status copied = copy_file_to(file, scratch);
  std::error_code code;
  if (copied.ok()) fs::rename(scratch, to, code);
  if (copied.ok() && code) copied = system_error("cannot rename into place", to.string(), code.value());
  if (!copied.ok()) {
    fs::remove(scratch, code);
    return std::move(copied).error();
  }
  return hash;
}

Result<std::string> Store::put_artifact_text(std::string_view text) {
  const std::string hash = sha256(text);
  if (artifact(hash)) return hash;
  TRY(make_folders(artifact_path(hash).parent_path()));
  TRY(write_file_atomic(artifact_path(hash), text));
  return hash;
}

}  // namespace aios
