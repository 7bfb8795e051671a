// SPDX-License-Identifier: Apache-2.0
// The words and figures that every writer uses, so that the terminal, the page and the pull request say the same. They
// return plain text that may hold what a guest wrote: each writer makes it harmless in its own way.
#pragma once

#include <string>
#include <string_view>

#include "harness/build/config_audit.h"
#include "harness/export/metric_row.h"
#include "harness/judge/comparison.h"
#include "harness/model/run_record.h"
#include "harness/model/verdict.h"
#include "reports/text_table.h"

namespace aios {

std::string value_text(const MetricRow& row);        // "182 instr", "yes", "skipped"
std::string range_text(const MetricRow& row);        // over the boots, "" where they are all equal
std::string spread_text(const MetricRow& row);       // the same from the value on: "-20 .. +149,480"
std::string overhead_text(const MetricRow& row);     // what measuring cost, already taken off
std::string events_text(const CountVector& counts);  // "2 cr3_write, 1 syscall, 12 rep_iterations"; zeros left out
std::string interrupted_text(const Sample& sample);  // "2 of 1,000"
Tone tone_of(const MetricRow& row);                  // a check that failed is bad, one that passed is good
Tone tone_of(VerdictKind verdict);
Tone tone_of(AuditVerdict verdict);
std::string audit_word(AuditVerdict verdict);  // "not in effect"

std::string signed_text(double value, Unit unit);       // "+149,480 instr"
std::string ratio_text(const ComparisonRow& row);       // "0.326"
std::string difference_text(const ComparisonRow& row);  // "-141 instr"
std::string interval_text(const ComparisonRow& row);    // over the pairs of perturbations, or of the ratio with its p
std::string classes_text(const ComparisonRow& row);     // "cr3_write 2 to 3"
Tone tone_of(Change change);

std::string run_title(const RunRecord& run);     // "aios 6.12.43 on qemu-exact"
std::string boots_text(const RunRecord& run);    // "3 boots, 2 of them perturbed"
std::string outcome_text(const RunRecord& run);  // "complete", "failed: boot 1 ended in panic: ..."
Tone tone_of_outcome(const RunRecord& run);
std::string_view fidelity_meaning(Fidelity fidelity);
std::string plural(std::size_t count, std::string_view one, std::string_view many = {});

}  // namespace aios
