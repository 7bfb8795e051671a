// SPDX-License-Identifier: Apache-2.0
// Where runs live: <root>/runs/<id>/ (bundles, the truth), index.sqlite (thrown away and made again at will),
// artifacts/ by content, cache/ (what can be made again), format (the version of all this). Several processes may work
// in one store at once. The index is opened when it is first asked.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/bundle.h"
#include "harness/store/run_query.h"

namespace aios {

class RunIndex;

class Store {
 public:
  // Makes what is missing; a store of an older format is migrated, one of a newer refused.
  static Result<Store> open(const fs::path& root);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  const fs::path& root() const { return root_; }
  fs::path runs() const { return root_ / "runs"; }
  fs::path cache() const { return root_ / "cache"; }
  fs::path artifacts() const { return root_ / "artifacts"; }
  fs::path run_folder(const std::string& id) const { return runs() / id; }

  // A new bundle under a new id, which it also writes into head.provenance.run.
  Result<RunBundle> create_run(RunRecord& head);
  Result<RunBundle> resume_run(const std::string& id);
  // Tells the index; a failure there costs nothing, since every reader brings the index up to date.
  void note_run(const std::string& id);

  Result<StoredRun> read_run(const std::string& id) const;
  // An id, the unambiguous beginning of one, a label (the newest run that has it), or "latest".
  Result<std::string> find(const std::string& text);
  Result<std::vector<RunSummary>> list(const RunFilter& filter = {});  // newest first
  Result<std::optional<RunSummary>> newest(RunFilter filter);
  Status verify(const std::string& id) const;
  Status rebuild();

  // Files by content: returns the hash under which they can be had again.
  Result<std::string> put_artifact(const fs::path& file);
  Result<std::string> put_artifact_text(std::string_view text);
  std::optional<fs::path> artifact(const std::string& hash) const;
  fs::path artifact_path(const std::string& hash) const;

 private:
  explicit Store(fs::path root);
  Result<RunIndex*> index();

  fs::path root_;
  std::unique_ptr<RunIndex> index_;
};

bool is_content_hash(std::string_view text);

}  // namespace aios
