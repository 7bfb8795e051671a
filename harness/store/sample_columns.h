// SPDX-License-Identifier: Apache-2.0
// Samples as columns: what is asked for by whoever wants a million of them at once (data frames, histories). A column
// of words keeps each word once. Rows keep the order in which they were stored.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/metric.h"

namespace aios {

struct WordColumn {
  std::vector<std::string> words;
  std::vector<std::int32_t> codes;  // one a row: a place in `words`
};

struct SampleColumns {
  WordColumn metric, scenario, unit, fidelity, detail;
  std::vector<std::int32_t> boot, perturbation;
  std::vector<double> value, overhead;
  std::vector<double> minimum, maximum;  // NaN: there is none
  std::vector<std::int64_t> iterations, interrupted_iterations;
  std::vector<std::uint8_t> skipped;

  // Only where they are asked for:
  std::array<std::vector<double>, kCountClasses> counts;  // NaN: this class was not counted
  std::vector<std::int64_t> lengths;                      // one a row: so many of the two below are its
  std::vector<double> iteration_value;                    // what iterations gave, in order,
  std::vector<std::int64_t> iteration_times;              // and how often in a row

  std::size_t rows() const { return value.size(); }
};

struct ColumnParts {
  bool counts = false;  // the count vector of the median iteration
  bool values = false;  // the distribution inside each boot
};

SampleColumns columns_of(const std::vector<Sample>& samples);

// Which rows: globs ("syscall.*"), one of each must match; none: all.
struct RowChoice {
  std::vector<std::string> metrics, scenarios;
};

// Columns of many runs, one below the other; `run` says which one a row is of.
struct SampleTable : SampleColumns {
  std::vector<std::int32_t> run;
};

// Adds the chosen rows of a run.
class TableJoin {
 public:
  TableJoin(RowChoice choice, ColumnParts parts);
  ~TableJoin();
  void add(const SampleColumns& rows, std::int32_t run);
  SampleTable take();

 private:
  struct Words;
  RowChoice choice_;
  ColumnParts parts_;
  std::vector<Words> words_;
  SampleTable table_;
};

}  // namespace aios
