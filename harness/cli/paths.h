// SPDX-License-Identifier: Apache-2.0
// Where things lie: the data that comes with the program (kernels, scenarios, guest programs) and the user's store.
#pragma once

#include "harness/support/files.h"

namespace aios {

struct Paths {
  fs::path
      data;  // holds kernels/, scenarios/, harness/claims.toml; $AIOS_BENCH_DATA, or the source tree, or PREFIX/share
  fs::path guest;   // init, bin/operations, ... : made for the guest; $AIOS_BENCH_GUEST, or beside the program
  fs::path plugin;  // QEMU's counting plugin; $AIOS_BENCH_PLUGIN, or beside the program
  fs::path store;   // $AIOS_BENCH_HOME, or .aios-bench in the current folder
  // Machine files, later ones win; empty: none. Of the project, of the user, and --machines or $AIOS_BENCH_MACHINES.
  fs::path project_machines, user_machines, named_machines;

  fs::path kernels() const { return data / "kernels"; }
  fs::path scenarios() const { return data / "scenarios"; }
};

// Finds them from the environment and the place of the running program; an error says what was looked for.
Result<Paths> find_paths();
// The same for whoever is no program of its own: `prefix` is a build's folder or where the harness was installed.
Result<Paths> find_paths(const fs::path& prefix);

}  // namespace aios
