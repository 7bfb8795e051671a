// SPDX-License-Identifier: Apache-2.0
#include "harness/export/google_benchmark.h"

#include <set>

#include "harness/support/json.h"

namespace aios {

GoogleBenchmarkJson export_google_benchmark(const RunRecord& run) {
  GoogleBenchmarkJson out;
  OrderedJson document;
  document["context"]["date"] = run.provenance.started;
  document["context"]["host_name"] = run.provenance.host;
  document["context"]["executable"] = run.subject;
  document["context"]["library_build_type"] = "release";
  document["benchmarks"] = OrderedJson::array();
  std::set<std::string> left_out;
  std::map<std::string, int> repetitions;
  for (const Sample& sample : run.samples) {
    if (sample.unit != Unit::nanoseconds || sample.skipped) {
      left_out.insert(sample.metric);
      continue;
    }
    OrderedJson entry;
    entry["name"] = sample.metric;
    entry["run_name"] = sample.metric;
    entry["run_type"] = "iteration";
    entry["repetition_index"] = repetitions[sample.metric]++;
    entry["iterations"] = sample.iterations;
    entry["real_time"] = sample.value;
    entry["cpu_time"] = sample.value;  // its readers ask for both; there is one
    entry["time_unit"] = "ns";
    document["benchmarks"].push_back(std::move(entry));
  }
  out.entries = document["benchmarks"].size();
  out.left_out = left_out.size();
  out.text = document.dump(2, ' ', /*ensure_ascii=*/true, OrderedJson::error_handler_t::replace) + "\n";
  return out;
}

}  // namespace aios
