// SPDX-License-Identifier: Apache-2.0
// What a scrape gets: the results (results_source.h) and what the harness says of itself beside them: its process, the
// size of its store, how long gathering takes and how often it failed. Where the store cannot be read, the health is
// still there to say so. Safe for several threads.
#pragma once

#include <prometheus/collectable.h>

#include <mutex>

#include "harness/serve/results_source.h"
#include "harness/support/clock.h"

namespace aios {

class ServedMetrics final : public prometheus::Collectable {
 public:
  ServedMetrics(ResultsSource& source, const Clock& clock, fs::path store);

  std::vector<prometheus::MetricFamily> Collect() const override;
  // Walks the store's folders: seconds for a large one, so not at every scrape.
  void measure_store();

 private:
  std::vector<prometheus::MetricFamily> collect() const;

  ResultsSource& source_;
  const Clock& clock_;
  fs::path store_;
  mutable std::mutex mutex_;
  mutable BucketCounts durations_;
  mutable double failures_ = 0;
  std::map<std::string, double> part_bytes_;
};

// The process's own figures under the names that every Prometheus client uses; what /proc does not say is left out.
void add_process_metrics(MetricFamilies& families);

}  // namespace aios
