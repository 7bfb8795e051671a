// SPDX-License-Identifier: Apache-2.0
// What a bisection has asked for and measured, on disk: <store>/bisects/<id>/request.json and points.jsonl, one
// checksummed line a measurement, written before it is thought about. A bisection killed at any instant goes on from
// there, and measures nothing twice but what was in flight.
#pragma once

#include <string>
#include <vector>

#include "harness/experiment/bisect_search.h"
#include "harness/experiment/measurer.h"
#include "harness/model/unit.h"
#include "harness/run/request.h"
#include "harness/store/checked_lines.h"

namespace aios {

struct BisectRequest {
  RunRequest run;  // the subject without a ref
  std::string metric;
  std::string good, bad;            // full hashes
  std::string good_name, bad_name;  // as a person wrote them
  BisectRules rules;
};

struct BisectMeasurement {
  std::string commit;
  BisectPoint point;  // what this measurement adds
  Unit unit = Unit::count;
  bool exact = true;
  std::string run;  // the stored run behind it
  double seconds = 0;
};

// Has one point measured. A kernel that does not build, does not boot or has not the metric is a broken point; anything
// else that goes wrong is an error that says how to go on with bisection `id`.
Result<BisectMeasurement> measure_point(const Measurer& measurer, const RunRequest& request, const std::string& metric,
                                        const std::string& name, const std::string& id);

class BisectLog {
 public:
  // `folder` must not exist yet.
  static Result<BisectLog> begin(const fs::path& folder, const BisectRequest& request);
  // A config error where nothing of that name is stored, or where another process is at it.
  static Result<BisectLog> resume(const fs::path& folder);

  const fs::path& folder() const { return folder_; }
  std::string id() const { return folder_.filename().string(); }
  const BisectRequest& request() const { return request_; }
  const std::vector<BisectMeasurement>& measurements() const { return measurements_; }
  BisectPoints points() const;
  Status add(BisectMeasurement measurement);

 private:
  BisectLog(fs::path folder, FileLock lock, BisectRequest request, CheckedLineWriter writer)
      : folder_(std::move(folder)), lock_(std::move(lock)), request_(std::move(request)), writer_(std::move(writer)) {}

  fs::path folder_;
  FileLock lock_;
  BisectRequest request_;
  CheckedLineWriter writer_;
  std::vector<BisectMeasurement> measurements_;
};

}  // namespace aios
