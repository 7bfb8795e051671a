// SPDX-License-Identifier: Apache-2.0
// One side of an explanation: a run with the profiles of its boots. A stored run that has them is taken as it is; one
// that has none is done again with the profile on, and must give the same figures.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "harness/cli/run_flags.h"
#include "harness/model/profile.h"
#include "harness/model/run_record.h"
#include "harness/store/store.h"

namespace aios {

struct ProfiledSide {
  RunRecord run;
  std::vector<Profile> profiles;  // of the boots without a null change, one a scenario
  std::vector<std::string> notes;

  const Profile* with(const std::string& metric) const;
};

// What is stored with the run: of the boots without a null change, one a scenario. None where it was made without.
Result<std::vector<Profile>> stored_profiles(const Store& store, const RunRecord& run);

// `word`: a stored run, or a subject; `fresh`: measured now even where a profile is stored.
Result<ProfiledSide> profiled_side(const Context& context, Store& store, const std::string& word, const RunFlags& flags,
                                   bool fresh);

}  // namespace aios
