// SPDX-License-Identifier: Apache-2.0
// What came out, as frames for the harness or as lines for a person.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace aios::inference {

class Report {
 public:
  Report(std::string scenario, bool exact, bool console)
      : scenario_(std::move(scenario)), exact_(exact), console_(console) {}

  // "token.alone.p50" of the scenario "inference" is the metric inference.token.alone.p50.
  std::string metric(const std::string& name) const { return scenario_ + "." + name; }

  // Ticks of the virtual clock in exact mode, else nanoseconds.
  void time(const std::string& name, std::uint64_t value, std::int64_t of, const std::vector<std::uint64_t>& all = {});
  void figure(const std::string& name, const char* unit, double value, std::int64_t of, const std::string& detail = {});
  // A region that the host counted.
  void region(const std::string& full_name, std::int64_t number, std::int64_t iterations, std::uint64_t ticks);
  void skipped(const std::string& name, const std::string& why);

 private:
  std::string scenario_;
  bool exact_, console_;
};

}  // namespace aios::inference
