// SPDX-License-Identifier: Apache-2.0
// Runs made by hand, in a store of their own, for tests of what commands write about stored runs.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "harness/export/testing/example_run.h"
#include "harness/store/store.h"
#include "harness/support/files.h"

namespace aios {

class ExampleStore {
 public:
  // The id under which it is stored; `logs`: text of each boot's console.
  std::string put(RunRecord run, const std::string& console = "") {
    Store store = Store::open(folder()).value();
    std::vector<BootRecord> boots = run.boots;
    const std::string outcome = run.outcome;
    RunBundle bundle = store.create_run(run).value();
    for (BootRecord& boot : boots) {
      boot.logs.clear();
      if (!console.empty()) {
        boot.logs["console"] = bundle.write_log("boot-" + std::to_string(boot.index) + ".console.log", console).value();
      }
      std::vector<Sample> samples;
      for (const Sample& sample : run.samples) {
        if (sample.boot == boot.index) samples.push_back(sample);
      }
      EXPECT_TRUE(bundle.append_boot(boot, samples).ok());
    }
    run.outcome = outcome;
    run.boots = boots;
    EXPECT_TRUE(bundle.seal(run).ok());
    return run.provenance.run;
  }

  fs::path folder() const { return scratch_.path() / "store"; }
  fs::path file(const std::string& name) const { return scratch_.path() / name; }
  std::map<std::string, std::string> env() const { return {{"AIOS_BENCH_HOME", folder().string()}}; }

 private:
  ScratchFolder scratch_ = ScratchFolder::create("aios-bench-examples").value();
};

}  // namespace aios
