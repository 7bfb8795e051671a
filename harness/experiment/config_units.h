// SPDX-License-Identifier: Apache-2.0
// Two configurations as options that can be switched: which of them differ, and what has to be switched along with each
// so that it takes effect. Kconfig is asked by trying, not by reading its files: switch one option, see what came of
// it, add what it lacks, try again. Kconfig itself comes in from outside.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/support/result.h"

namespace aios {

using OptionSet = std::set<std::string>;
using OptionValues = std::map<std::string, std::string, std::less<>>;  // what is not in it is off

// What Kconfig made of the first configuration with some options switched to their value in the second: to what had
// come of it there, not to what was asked for, so that an option without effect stays without.
struct ConfigTrial {
  OptionValues values;
  // For options that did not follow: those that they need, or that hold them where they are.
  std::map<std::string, OptionSet> wanted;
};
using TryConfig = std::function<Result<ConfigTrial>(const OptionSet& switched)>;

struct ConfigUnit {
  std::string option, from, to;
  OptionSet with;      // switched together with it, since it needs them or takes them along
  std::string cannot;  // why it cannot be switched by itself; empty: it can
  OptionSet all() const {
    OptionSet out = with;
    out.insert(option);
    return out;
  }
};

// One unit for each of `options` that the two configurations really differ in; the others are named in
// `without_effect`.
struct ConfigUnits {
  std::vector<ConfigUnit> units;
  std::vector<std::string> without_effect;
};
Result<ConfigUnits> find_config_units(const OptionSet& options, const TryConfig& try_config);

// Options that hang together through `with`, in a fixed order: only whole groups are sure to be free of each other.
std::vector<OptionSet> config_groups(const std::vector<ConfigUnit>& units);

}  // namespace aios
