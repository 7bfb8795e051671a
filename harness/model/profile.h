// SPDX-License-Identifier: Apache-2.0
// Where the instructions of one boot's measured work were executed: which function, under which callers, how many. As
// it is stored with a run and fed in again. The counts of a span add up exactly to what was measured of it: code that
// has no name stands under one that says so, and is never left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/support/result.h"

namespace aios {

inline constexpr int kProfileSchema = 1;

struct ProfiledFunction {
  std::string name;   // as in the symbol table; in parentheses: what stands for code without a symbol
  std::string image;  // "kernel", "module NAME", "operations", ...; empty: of no known file
  std::uint64_t address = 0;
  std::uint64_t size = 0;  // up to the next symbol where the table has no sizes; 0: not known
};

// A place in the tree of callers. Roots are where an iteration began, and where a caller is not known.
struct ProfileNode {
  int parent = -1;
  int function = 0;
  bool unknown_caller = false;  // a root whose callers were not seen
};

// Executed in this function itself, called in this way.
struct ProfileCost {
  int node = 0;
  std::int64_t typical = 0;  // in all typical iterations together
  std::int64_t other = 0;    // in all others
};

struct ProfileSpan {
  std::string metric;  // "syscall.null", "_overhead", "boot.to_init"
  // Iterations that cost exactly what the metric's own (median) iteration did; 0: none were told apart from the others.
  std::int64_t typical_iterations = 0;
  std::int64_t other_iterations = 0;
  bool callers = true;  // false: only functions, no stacks
  std::vector<ProfileCost> costs;
};

struct Profile {
  std::string scenario;
  int boot = 0;
  std::vector<ProfiledFunction> functions;
  std::vector<ProfileNode> nodes;
  std::vector<ProfileSpan> spans;
  std::vector<std::string> notes;  // what has no symbols and why, what was cut

  const ProfileSpan* span(const std::string& metric) const;
};

std::string profile_to_json(const Profile& profile);
Result<Profile> profile_from_json(const std::string& text, const std::string& where);

}  // namespace aios
