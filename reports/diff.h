// SPDX-License-Identifier: Apache-2.0
// Two runs beside each other: everything that differs, the largest first, and how much does not. What is judged
// (metrics, the verdict) comes from the judge's comparison and nowhere else; the rest is set side by side and left to
// the reader. Writers: terminal, Markdown, HTML, JSON (schema: reports/schema/diff.schema.json).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/comparison.h"
#include "harness/model/run_record.h"
#include "harness/model/verdict.h"
#include "reports/text_table.h"

namespace aios {

inline constexpr int kDiffSchema = 1;

// Empty: that side has no such thing.
struct TextDifference {
  std::string name, first, second;
};

struct ClaimDifference {
  ClaimVerdict first, second;  // of the same claim
};

// A stretch of the boot, in instructions.
struct StretchDifference {
  std::string name;
  std::optional<std::int64_t> first, second;
  std::int64_t difference() const { return second.value_or(0) - first.value_or(0); }
};

struct DiffSide {
  std::string run, subject, name, title, started, outcome;
};

struct RunDiff {
  DiffSide first, second;
  Comparison comparison;               // whole: rows that are equal, too
  std::vector<ComparisonRow> metrics;  // those that differ
  std::vector<ClaimDifference> claims;
  bool options_known = false;                          // both configurations are at hand
  std::vector<TextDifference> options;                 // "SMP", "y", "n"
  std::vector<std::string> words_first, words_second;  // of the command lines, that the other does not have
  std::vector<TextDifference> provenance;
  std::vector<StretchDifference> phases, initcalls;
  std::size_t metrics_alike = 0, claims_alike = 0, provenance_alike = 0, phases_alike = 0, initcalls_alike = 0;
};

struct DiffInput {
  const RunRecord& first;
  const RunRecord& second;
  std::vector<ClaimVerdict> first_claims, second_claims;   // the same ledger, judged on either run alone
  std::optional<std::string> first_config, second_config;  // text of the .config
};

RunDiff diff_runs(const DiffInput& input);

// CONFIG_X=y and "# CONFIG_X is not set" of two .config files. Options that are on in one and off in the other first.
std::vector<TextDifference> option_differences(std::string_view first, std::string_view second);

std::string diff_headline(const RunDiff& diff);  // one sentence
std::string diff_worst(const RunDiff& diff);     // what got worse, by name; empty: nothing
std::string render_diff(const RunDiff& diff, const TextStyle& style);
std::string render_diff_markdown(const RunDiff& diff);
std::string render_diff_html(const RunDiff& diff);
std::string diff_to_json(const RunDiff& diff, int indent = -1);

// What the writers share.
std::string stretch_text(const StretchDifference& stretch);  // "+1,234 (+3.1 %)", "only in the second"
std::string claim_side_text(const ClaimVerdict& side);       // "met: 5.7 MiB"

}  // namespace aios
