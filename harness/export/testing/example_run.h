// SPDX-License-Identifier: Apache-2.0
// Runs made by hand for the tests of exports and reports: two that look like the main job (the aiOS kernel and the
// distribution's), and one whose every text field was written by an enemy.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_record.h"
#include "harness/model/verdict.h"

namespace aios::testing {

RunRecord example_run();   // "aios", exact, two boots (the second perturbed), one skipped check
RunRecord example_base();  // "debian", the same metrics
std::vector<ClaimVerdict> example_claims();

// A timed run of so many boots, each time `scale` as long; its boots vary by two per cent.
RunRecord timed_run(const std::string& subject, double scale, int boots);

// Markup, quotes, a closing script tag, terminal escapes, C1 and bidirectional controls, broken UTF-8.
std::string enemy_text();
RunRecord hostile_run();
std::vector<ClaimVerdict> hostile_claims();

// An example with `count` metrics that have distributions, for size and time.
RunRecord large_run(int count);

}  // namespace aios::testing
