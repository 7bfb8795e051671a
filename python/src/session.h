// SPDX-License-Identifier: Apache-2.0
// What Python asks of the harness: one object that knows where things lie, and whose methods are what the commands of
// the same names do, without showing anything. Results are the documents that --json prints; samples are arrays.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/cli/gate_flags.h"
#include "harness/cli/paths.h"
#include "harness/cli/run_flags.h"
#include "harness/cli/stored_trend.h"
#include "harness/store/sample_columns.h"
#include "python/src/background.h"

namespace aios::python {

using RunHandle = std::shared_ptr<RunRecord>;  // pybind11 holds no const

// A side of a comparison: a run that is here already, or words that name one.
struct Side {
  RunHandle run;
  std::string word;
};

class Session {
 public:
  // `prefix`: where the harness was built or installed; `store`: empty for the usual place.
  Session(const std::string& prefix, const std::string& store);

  const Paths& paths() const { return paths_; }
  std::vector<std::string> listing(const std::string& what) const;

  py::list runs(const RunFilter& filter) const;
  std::string find(const std::string& word) const;
  RunHandle read(const std::string& id) const;
  void verify(const std::string& id) const;
  py::dict samples(const std::vector<std::string>& runs, const RowChoice& choice, ColumnParts parts) const;

  RunHandle run(const std::string& subject, const RunFlags& how, const std::vector<std::string>& markers, bool profile,
                const Hearing& hearing) const;
  RunHandle resume(const std::string& id, const Hearing& hearing) const;
  std::string compare(const Side& first, const Side& second, const RunFlags& how, bool fresh,
                      const Hearing& hearing) const;
  py::object gate(const GateFlags& flags, const Hearing& hearing) const;
  std::string explain(const std::string& first, const std::string& second, const std::string& metric,
                      const RunFlags& how, bool fresh, const Hearing& hearing) const;
  std::string claims(const std::string& kernel, const Hearing& hearing) const;
  std::string trend(const TrendQuery& query, const Hearing& hearing) const;

 private:
  Paths paths_;
};

}  // namespace aios::python
