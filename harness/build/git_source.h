// SPDX-License-Identifier: Apache-2.0
// A commit of the user's repository, checked out beside it: the working tree here is a clone that borrows the
// repository's objects, so that neither its folder nor its metadata is ever written to.
#pragma once

#include <string>
#include <vector>

#include "harness/build/build_env.h"
#include "harness/model/kernel.h"

namespace aios {

// The full hash of the commit that `ref` names ("HEAD" if empty).
Result<std::string> resolve_commit(const fs::path& repository, const std::string& ref, const BuildEnv& env);

struct GitCommit {
  std::string id;
  std::vector<std::string> parents;
  std::string title;
};

// What `bad` has and `good` has not, newest first. Both are full hashes.
Result<std::vector<GitCommit>> commits_between(const fs::path& repository, const std::string& good,
                                               const std::string& bad, const BuildEnv& env);
// The title of one commit.
Result<std::string> commit_title(const fs::path& repository, const std::string& commit, const BuildEnv& env);

// The files of a commit that `wanted` takes, each with its content's hash, as one text.
Result<std::string> listing_of(const fs::path& repository, const std::string& commit,
                               bool (*wanted)(std::string_view path), const BuildEnv& env);

// The repository that a kernel's refs are of; a config error where its source is none.
Result<fs::path> repository_of(const Kernel& kernel);

// Brings `tree` to that commit; files that do not differ keep their times, so that make builds only what changed.
Status checkout_commit(const fs::path& repository, const std::string& commit, const fs::path& tree,
                       const BuildEnv& env);

}  // namespace aios
