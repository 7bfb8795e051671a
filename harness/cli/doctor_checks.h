// SPDX-License-Identifier: Apache-2.0
// What this computer can do for the harness, and what to install or change so that it can do more. Each check is a row;
// nothing here changes anything.
#pragma once

#include <string>
#include <vector>

#include "harness/cli/paths.h"
#include "harness/machine/machine_check.h"
#include "harness/support/cancel.h"

namespace aios {

struct DoctorRow {
  std::string group;  // "machines", "build", "images", "store"
  std::string name;
  Health health = Health::good;
  std::string detail;     // what was found
  std::string remedy;     // what to install or change; empty when good
  bool required = false;  // without it the main job does not work
};

std::vector<DoctorRow> check_tools();
std::vector<DoctorRow> check_parts(const Paths& paths);
std::vector<DoctorRow> check_store(const Paths& paths);

}  // namespace aios
