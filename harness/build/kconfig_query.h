// SPDX-License-Identifier: Apache-2.0
// Kconfig's own answers about options: compiled on the spot from kconfig_query.c (GPL-2.0, kept as data in this
// program) against the parser that the kernel's own make has built, and run inside that make, so that the tree's
// variables are right.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/build/build_env.h"
#include "harness/build/toolchain.h"

namespace aios {

struct KconfigAnswer {
  bool exists = false;
  std::string type;                      // "bool", "tristate", "string", "integer", "hex"
  std::string value;                     // as Kconfig calculates it
  std::string prompt, under;             // its text, and the menu that it stands in
  bool has_prompt = false;               // without one nobody can set it: it follows from others
  std::string chosen_instead;            // the member of its choice that is on
  std::vector<std::string> missing;      // what it depends on directly and is not so
  std::vector<std::string> root_causes;  // followed down to what somebody could set
  std::vector<std::string> selected_by;  // what forces it on
};

using KconfigAnswers = std::map<std::string, KconfigAnswer, std::less<>>;

// `config_name`: a configuration in the objects folder, made there by a *config target.
Result<KconfigAnswers> ask_kconfig(const fs::path& source, const fs::path& objects, const std::string& config_name,
                                   const std::vector<std::string>& options, const Toolchain& toolchain,
                                   const BuildEnv& env);

// The text of kconfig_query.c.
extern const char* const kKconfigQuerySource;

}  // namespace aios
