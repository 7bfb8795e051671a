// SPDX-License-Identifier: Apache-2.0
#include "harness/experiment/bisect_search.h"

#include <fmt/format.h>

#include <set>

namespace aios {
namespace {

constexpr int kDeepest = 64;  // merges within merges

// The commits of the history that `from` has, itself included.
std::set<std::string> below(const CommitHistory& history, const std::string& from) {
  std::set<std::string> seen;
  std::vector<std::string> open{from};
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    const Commit* commit = history.find(id);
    if (commit == nullptr || !seen.insert(id).second) continue;
    open.insert(open.end(), commit->parents.begin(), commit->parents.end());
  }
  return seen;
}

// The commits of the history that have `good` below them.
std::set<std::string> above_good(const CommitHistory& history) {
  std::map<std::string, std::vector<std::string>> children;
  for (const auto& [id, commit] : history.commits) {
    for (const auto& parent : commit.parents) children[parent].push_back(id);
  }
  std::set<std::string> seen;
  std::vector<std::string> open{history.good};
  while (!open.empty()) {
    const std::string id = std::move(open.back());
    open.pop_back();
    for (const auto& child : children[id]) {
      if (seen.insert(child).second) open.push_back(child);
    }
  }
  return seen;
}

std::string short_id(const std::string& id) { return id.substr(0, 12); }

class HistorySearch {
 public:
  HistorySearch(const CommitHistory& history, const BisectPoints& points, const BisectRules& rules)
      : history_(history), points_(points), rules_(rules) {}

  Result<BisectAnswer> run() {
    const CommitLine line = TRY(main_line(history_));
    for (const std::string* end : {&line.front(), &line.back()}) {
      const auto found = points_.find(*end);
      if (found == points_.end() || !found->second.broken) continue;
      return kernel_fault(
          fmt::format("the {} commit cannot be measured: {}", end == &line.front() ? "good" : "bad", found->second.why),
          *end, "name one beside it that can be");
    }
    const ChainAnswer chain = search_chain(view(line), rules_);
    answer_.limit = chain.limit;
    rules_.min_step = chain.limit;
    rules_.min_share = 0;
    answer_.confidence = chain.confidence;
    answer_.settled = chain.settled;
    answer_.moves_left = chain.moves_left;
    answer_.good_value = value_of(line.front());
    answer_.bad_value = value_of(line.back());
    if (chain.move) {
      answer_.next = line[chain.move->index];
      answer_.boots = chain.move->boots;
      answer_.why = chain.steps.empty() ? "the ends first" : "on the way from good to bad";
    }
    answer_.steps = steps_of(line, chain, 0);
    answer_.remainder = chain.difference;
    for (const auto& step : answer_.steps) answer_.remainder -= step.size();
    return std::move(answer_);
  }

 private:
  std::vector<BisectPoint> view(const CommitLine& line) const {
    std::vector<BisectPoint> out;
    for (const auto& id : line) {
      const auto found = points_.find(id);
      out.push_back(found == points_.end() ? BisectPoint{} : found->second);
    }
    return out;
  }

  double value_of(const std::string& id) const {
    const auto found = points_.find(id);
    return found == points_.end() || found->second.values.empty() ? 0 : point_value(found->second);
  }

  std::vector<BisectStep> steps_of(const CommitLine& line, const ChainAnswer& chain, int depth) {
    std::vector<BisectStep> steps;
    for (const ChainStep& from : chain.steps) {
      BisectStep step;
      step.commit = line[from.last];
      for (std::size_t i = from.first + 1; i < from.last; ++i) step.or_with.push_back(line[i]);
      step.before = from.before;
      step.after = from.after;
      step.confidence = from.confidence;
      // Only once it is known where the step is: the branches of other merges are of no interest.
      const bool pinned = from.first + 1 == from.last;
      if (pinned && !chain.move && depth < kDeepest) look_inside(line[from.first], step, depth);
      steps.push_back(std::move(step));
    }
    return steps;
  }

  void look_inside(const std::string& merged_into, BisectStep& step, int depth) {
    for (const CommitLine& branch : merged_lines(history_, step.commit, merged_into)) {
      const std::vector<BisectPoint> points = view(branch);
      if (points.front().broken || points.back().broken) continue;  // the merge keeps the blame
      const ChainAnswer chain = search_chain(points, rules_);
      if (chain.move && answer_.next.empty()) {
        answer_.next = branch[chain.move->index];
        answer_.boots = chain.move->boots;
        answer_.why = fmt::format("on the branch that {} merged", short_id(step.commit));
        answer_.settled = false;
      }
      answer_.moves_left += chain.moves_left;
      if (chain.move) continue;
      answer_.settled = answer_.settled && chain.settled;
      answer_.confidence *= chain.confidence;
      for (auto& inner : steps_of(branch, chain, depth + 1)) step.inside.push_back(std::move(inner));
    }
  }

  const CommitHistory& history_;
  const BisectPoints& points_;
  BisectRules rules_;
  BisectAnswer answer_;
};

}  // namespace

const Commit* CommitHistory::find(const std::string& id) const {
  const auto found = commits.find(id);
  return found == commits.end() ? nullptr : &found->second;
}

double BisectStep::own() const {
  double left = size();
  for (const auto& step : inside) left -= step.size();
  return left;
}

Result<CommitLine> main_line(const CommitHistory& history) {
  const std::set<std::string> candidates = above_good(history);
  if (!candidates.contains(history.bad)) {
    return config_error(fmt::format("{} is no ancestor of {}: there is no way from one to the other",
                                    short_id(history.good), short_id(history.bad)),
                        "--good", "name a good commit that the bad one is built upon (git merge-base finds one)");
  }
  CommitLine line{history.bad};
  while (line.back() != history.good) {
    const Commit* commit = history.find(line.back());
    std::string next;
    for (const auto& parent : commit->parents) {
      if (parent != history.good && !candidates.contains(parent)) continue;
      next = parent;
      break;
    }
    line.push_back(std::move(next));
  }
  return CommitLine(line.rbegin(), line.rend());
}

std::vector<CommitLine> merged_lines(const CommitHistory& history, const std::string& merge,
                                     const std::string& merged_into) {
  std::vector<CommitLine> lines;
  const Commit* commit = history.find(merge);
  if (commit == nullptr || commit->parents.size() < 2) return lines;
  const std::set<std::string> known = below(history, merged_into);
  for (const auto& parent : commit->parents) {
    if (parent == merged_into || known.contains(parent) || history.find(parent) == nullptr) continue;
    CommitLine line{parent};
    while (true) {
      const Commit* at = history.find(line.back());
      if (at == nullptr || at->parents.empty()) break;  // outside of the history, or its very beginning
      line.push_back(at->parents.front());
      if (known.contains(line.back())) break;
    }
    if (line.size() > 1) lines.emplace_back(line.rbegin(), line.rend());
  }
  return lines;
}

Result<BisectAnswer> search_history(const CommitHistory& history, const BisectPoints& points,
                                    const BisectRules& rules) {
  return HistorySearch(history, points, rules).run();
}

}  // namespace aios
