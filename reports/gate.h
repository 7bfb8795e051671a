// SPDX-License-Identifier: Apache-2.0
// A gate's verdict for people: on the terminal, and as a short note for a pull request with the rest in folds. Text
// that came from a guest comes out harmless in both.
#pragma once

#include <string>
#include <vector>

#include "harness/judge/gate_report.h"
#include "reports/text_table.h"

namespace aios {

std::string render_gate(const GateReport& report, const TextStyle& style);
std::string render_gate_markdown(const GateReport& report);

// The words that both share, plain text.
std::string gate_change_text(const GateRow& row);        // "+3 instr (+1.49 %)"
std::string gate_margin_text(const GateRow& row);        // "2.0 %", "nothing"
std::string gate_shown_text(const GateRow& row);         // "+0.31 %": worse by no more than this, and that was shown
std::string gate_catch_text(const GateRow& row);         // "0.50 %"
std::string gate_remark_text(const GateRow& row);        // reason, what it takes, creep, acceptance
std::string gate_method_text(const GateReport& report);  // how it was measured and judged, a sentence
// The worst first; those that passed or were not judged behind, in the order of the runs.
std::vector<const GateRow*> gate_rows_by_weight(const GateReport& report);

}  // namespace aios
