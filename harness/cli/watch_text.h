// SPDX-License-Identifier: Apache-2.0
// One round of `watch` as a person and as a program read it.
#pragma once

#include <string>

#include "harness/experiment/watch.h"
#include "reports/text_table.h"

namespace aios {

// What moved against the baseline, and against the round before.
std::string render_watch_round(const WatchRound& round, const TextStyle& style);

// One line: round, saved, seconds, and either failure or run, verdict and rows.
std::string watch_round_to_json(const WatchRound& round);

}  // namespace aios
