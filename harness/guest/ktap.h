// SPDX-License-Identifier: Apache-2.0
// Reads KTAP and TAP (kselftest, KUnit) from a console, line by line, as it is: among other log lines, with or without
// printk's time stamps, nested by indentation or by kselftest's "# ". A test that was planned and never reported is
// told apart from one that failed. Memory is bounded whatever the guest writes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

struct KtapResult {
  std::string name;  // with its parents: "suite/case"
  bool ok = false;
  bool skipped = false;       // "# SKIP": says nothing about the kernel
  bool expected_bad = false;  // "# TODO" or "# XFAIL": may fail
  std::string reason;         // behind the directive
  std::string diagnostics;    // the "# ..." lines before it, bounded
  bool passed() const { return ok || skipped || expected_bad; }
};

class KtapReader {
 public:
  void line(std::string_view text);
  void finish();  // no more lines: what was planned and did not come is a problem

  const std::vector<KtapResult>& results() const { return results_; }  // leaves only, in order
  const std::vector<std::string>& problems() const { return problems_; }
  bool seen() const { return seen_; }  // a version line came: this console does speak KTAP

 private:
  struct Level {
    std::size_t indent = 0;
    std::string subtest;        // from "# Subtest: name"
    std::int64_t planned = -1;  // from "1..N"
    std::int64_t reported = 0;
    std::size_t first = 0;  // results_ from here on are its descendants
    std::string diagnostics;
  };

  Level& level_at(std::size_t indent);
  bool close_deeper_than(std::size_t indent, std::string_view parent);  // true: there were tests in them
  void close_level(std::string prefix);
  void diagnostic(std::string_view text);
  void result(std::size_t indent, bool ok, std::string_view rest);
  void problem(std::string text);

  std::vector<Level> levels_;
  std::vector<KtapResult> results_;
  std::vector<std::string> problems_;
  std::size_t text_bytes_ = 0;  // of all diagnostics kept
  bool seen_ = false;
};

}  // namespace aios
