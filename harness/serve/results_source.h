// SPDX-License-Identifier: Apache-2.0
// What a store holds, as Prometheus's families, as it is now: asked at every scrape, it looks at the index and reads
// only runs that are new. Of each subject, machine and scenario the latest complete run is read; claims are judged on
// the newest runs of each kernel, as the ledger does. Safe for several threads.
#pragma once

#include <memory>
#include <mutex>

#include "harness/export/prometheus.h"
#include "harness/store/store.h"

namespace aios {

class ResultsSource {
 public:
  ResultsSource(Store& store, std::vector<Claim> ledger, std::string harness_version);
  ~ResultsSource();

  Result<std::shared_ptr<const PrometheusFamilies>> gather();

 private:
  struct ReadRun;
  std::shared_ptr<const ReadRun> read(const RunSummary& summary);

  Store& store_;
  std::vector<Claim> ledger_;
  std::string version_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const ReadRun>> read_;  // by id; sealed runs change no more
  std::string seen_;                                            // what `last_` was made of
  std::shared_ptr<const PrometheusFamilies> last_;
};

// Which runs speak: the newest complete run of each (kernel, variant, machine, mode, scenario), and the newest judged
// one of each (kernel, variant, machine). `newest_first`; a bounded number.
std::vector<const RunSummary*> runs_that_speak(const std::vector<RunSummary>& newest_first);

}  // namespace aios
