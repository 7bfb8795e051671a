// SPDX-License-Identifier: Apache-2.0
// Which commit to measure next, and what is known: a pure function of the history and of what has been measured. The
// way from the good commit to the bad one is searched first; a step that came in with a merge is then looked for on the
// branch that was merged, against the commit where that branch left. So one commit has the blame, not the merge, unless
// the merge itself cost something. Nothing here runs git or boots.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/experiment/bisect_chain.h"
#include "harness/support/result.h"

namespace aios {

struct Commit {
  std::string id;
  std::vector<std::string> parents;
  std::string title;
};

// Every commit that `bad` has and `good` has not, parents included that lie outside of it only by their names.
struct CommitHistory {
  std::string good, bad;
  std::map<std::string, Commit> commits;

  const Commit* find(const std::string& id) const;
};

// The commits from one to another, each a parent of the next; the first is what the others are held against.
using CommitLine = std::vector<std::string>;

// From good to bad, along first parents where these have `good` below them.
Result<CommitLine> main_line(const CommitHistory& history);
// What `merge` brought in besides the line that it was merged into: one line for each further parent, from the commit
// where it left to its tip. None for a commit that is no merge.
std::vector<CommitLine> merged_lines(const CommitHistory& history, const std::string& merge,
                                     const std::string& merged_into);

using BisectPoints = std::map<std::string, BisectPoint>;  // by commit

struct BisectStep {
  std::string commit;                // it came in with this one,
  std::vector<std::string> or_with;  // or with one of these, which cannot be measured (in their order, before `commit`)
  double before = 0, after = 0;
  double confidence = 1;
  std::vector<BisectStep> inside;  // a merge: the steps of what was merged, each against its branch's beginning

  double size() const { return after - before; }
  double own() const;  // what no commit of the merged branches explains
};

struct BisectAnswer {
  std::string next;  // measure this one; empty: finished
  int boots = 1;
  std::string why;  // for a person
  int moves_left = 0;

  double good_value = 0, bad_value = 0;
  double limit = 0;
  std::vector<BisectStep> steps;
  double remainder = 0;  // of the whole difference, in steps below the limit
  double confidence = 1;
  bool settled = false;
};

// A kernel_fault where one of the two ends cannot be measured: there is nothing to search between.
Result<BisectAnswer> search_history(const CommitHistory& history, const BisectPoints& points, const BisectRules& rules);

}  // namespace aios
