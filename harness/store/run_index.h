// SPDX-License-Identifier: Apache-2.0
// index.sqlite: what is asked of many runs at once. It holds nothing that the bundles do not: a missing, damaged or
// older index is thrown away and made again, and every reader brings it up to date with the folder first.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/store/run_query.h"
#include "harness/support/files.h"

struct sqlite3;

namespace aios {

class RunIndex {
 public:
  // `runs` is the folder of the bundles.
  static Result<RunIndex> open(const fs::path& database, const fs::path& runs);

  // Adds what is new, reads again what was not sealed, forgets what is gone.
  Status refresh();
  Status rebuild();
  Status put(const std::string& id);                                    // reads the bundle
  Result<std::vector<RunSummary>> list(const RunFilter& filter) const;  // newest first
  Result<std::vector<std::string>> ids_with_prefix(const std::string& prefix) const;

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  RunIndex(std::unique_ptr<sqlite3, Close> database, fs::path path, fs::path runs)
      : database_(std::move(database)), path_(std::move(path)), runs_(std::move(runs)) {}
  static Result<RunIndex> open_once(const fs::path& database, const fs::path& runs);
  Status write(const RunSummary& summary);

  std::unique_ptr<sqlite3, Close> database_;
  fs::path path_, runs_;
};

// The ids of the bundles in a folder, sorted.
std::vector<std::string> bundle_ids(const fs::path& runs);
// What the bundle says of itself; one that cannot be read says why.
RunSummary summarise_bundle(const fs::path& folder);

}  // namespace aios
