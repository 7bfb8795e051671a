// SPDX-License-Identifier: Apache-2.0
#include "harness/build/git_source.h"

#include <fmt/format.h>

#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kHistoryLimit = 256U << 20;

Result<std::string> git(std::vector<std::string> words, const BuildEnv& env, std::size_t limit = 1U << 20) {
  // safe.directory: the user may build a repository that belongs to somebody else; hooks and filters stay off.
  std::vector<std::string> argv = {
      "git", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "advice.detachedHead=false"};
  argv.insert(argv.end(), words.begin(), words.end());
  return run_checked(
      {.argv = std::move(argv), .env = {{"LC_ALL", "C"}, {"GIT_TERMINAL_PROMPT", "0"}, {"GIT_OPTIONAL_LOCKS", "0"}}},
      {.limit = limit, .cancel = env.cancel});
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

Result<std::vector<GitCommit>> commits_between(const fs::path& repository, const std::string& good,
                                               const std::string& bad, const BuildEnv& env) {
  // Where history is long the good commit is near: what is listed is bounded by what lies between.
  auto listed = git({"-C", repository.string(), "log", "--topo-order", "--format=%H%x09%P%x09%s", "--end-of-options",
                     good + ".." + bad},
                    env, kHistoryLimit);
  if (!listed.ok()) return as_config(std::move(listed).error(), "the history cannot be read", repository);
  std::vector<GitCommit> commits;
  for (const auto& line : split(*listed, '\n')) {
    const auto parts = split(line, '\t');
    if (parts.size() < 2) continue;
    GitCommit commit{parts[0], split_words(parts[1]), {}};
    if (parts.size() > 2) commit.title = line.substr(parts[0].size() + parts[1].size() + 2);
    commits.push_back(std::move(commit));
  }
  return commits;
}

Result<std::string> commit_title(const fs::path& repository, const std::string& commit, const BuildEnv& env) {
  return std::string(
      trim(TRY(git({"-C", repository.string(), "log", "-1", "--format=%s", "--end-of-options", commit}, env))));
}

Result<std::string> listing_of(const fs::path& repository, const std::string& commit,
                               bool (*wanted)(std::string_view path), const BuildEnv& env) {
  const std::string all =
      TRY(git({"-C", repository.string(), "ls-tree", "-r", "--end-of-options", commit}, env, kHistoryLimit));
  std::string out;
  for (const auto& line : split(all, '\n')) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos && wanted(std::string_view(line).substr(tab + 1))) out += line + "\n";
  }
  return out;
}

Result<fs::path> repository_of(const Kernel& kernel) {
  std::error_code code;
  const fs::path path = kernel.source.location;
  const bool repository = kernel.source.kind == SourceKind::git ||
                          (kernel.source.kind == SourceKind::directory && fs::exists(path / ".git", code));
  if (repository) return path;
  return config_error(fmt::format("the source of {} is not a git repository, so it has no commits", kernel.name),
                      (kernel.folder / "kernel.toml").string(),
                      "[source] kind = \"git\" and location = the repository");
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
