// SPDX-License-Identifier: Apache-2.0
#include "harness/build/git_source.h"

#include <fmt/format.h>

#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

Result<std::string> git(std::vector<std::string> words, const BuildEnv& env) {
  // safe.directory: the user may build a repository that belongs to somebody else; hooks and filters stay off.
  std::vector<std::string> argv = {
      "git", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"};
  argv.insert(argv.end(), words.begin(), words.end());
  return run_checked(
      {.argv = std::move(argv), .env = {{"LC_ALL", "C"}, {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_OPTIONAL_LOCKS", "0"}}},
      {.limit = 1U << 20, .cancel = env.cancel});
}

Error as_config(Error error, std::string what, const fs::path& where) {
  const bool keep = error.kind == ErrorKind::interrupted || error.kind == ErrorKind::config;
  Error outer = std::move(error).wrap(std::move(what), where.string());
  if (!keep) outer.kind = ErrorKind::config;
  return outer;
}

}  // namespace

Result<std::string> resolve_commit(const fs::path& repository, const std::string& ref, const BuildEnv& env) {
  auto commit = git({"-C", repository.string(), "rev-parse", "--verify", "--end-of-options",
                     (ref.empty() ? "HEAD" : ref) + "^{commit}"},
                    env);
  if (!commit.ok()) {
    return as_config(std::move(commit).error(),
                     fmt::format("'{}' is not a commit of this git repository", ref.empty() ? "HEAD" : ref),
                     repository);
  }
  return std::string(trim(*commit));
}

Status checkout_commit(const fs::path& repository, const std::string& commit, const fs::path& tree,
                       const BuildEnv& env) {
  std::error_code code;
  if (!fs::exists(tree / ".git", code)) {
    TRY(remove_tree(tree));
    TRY(make_folders(tree.parent_path()));
    auto cloned = git(
        {"clone", "--quiet", "--shared", "--no-checkout", "--", fs::absolute(repository).string(), tree.string()}, env);
    if (!cloned.ok()) return as_config(std::move(cloned).error(), "the git repository cannot be read", repository);
  }
  // An earlier checkout that was killed leaves its lock behind; whoever is here holds the slot's lock.
  fs::remove(tree / ".git/index.lock", code);
  auto done = git({"-C", tree.string(), "checkout", "--quiet", "--force", "--detach", commit}, env);
  if (done.ok()) done = git({"-C", tree.string(), "clean", "--quiet", "-dffx"}, env);
  if (!done.ok()) {
    if (done.error().kind == ErrorKind::infra_fault)
      return std::move(done).error().wrap("the commit cannot be checked out", commit);
    return as_config(std::move(done).error(), "the commit cannot be checked out", repository);
  }
  return {};
}

}  // namespace aios
