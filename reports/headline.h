// SPDX-License-Identifier: Apache-2.0
// What a reader must know first: the verdict in one sentence, and the few figures that stand for the run.
#pragma once

#include <string>
#include <vector>

#include "reports/report_model.h"
#include "reports/text_table.h"

namespace aios {

struct KeyFigure {
  std::string label;  // "boot to ready"
  std::string metric;
  std::string value;
  std::string beside;  // "0.33 times debian (1,232,055,902 instr)"
};

struct Word {
  Tone tone = Tone::plain;
  std::string text;
};

// Something a reader must act on or know of: a missed claim, a metric that got worse or could not be decided.
struct Finding {
  Word verdict;
  std::string name;     // "A23", "context_switch.process.pipe"
  bool metric = false;  // or a claim
  std::string text;     // "5,120 instr against 4,988 instr, 1.026 times": all of it in one line
  // The same in pieces, for a table; what there is not is empty.
  std::string promise;   // a claim's sentence
  std::string by;        // "1.026 ×"
  std::string measured;  // "5,120 instr"
  std::string asked;     // "against 4,988 instr", "asked < 10 MiB"
  std::string why;
};

struct Headline {
  Tone tone = Tone::plain;     // the worst of the verdicts
  std::string verdict;         // one or two words: "met", "missed", "worse", "failed", "measured"
  std::vector<Word> verdicts;  // the worst is among them
  std::string sentence;        // plain text
  std::vector<KeyFigure> figures;
  std::vector<Finding> findings;  // the worst first, bounded
  std::size_t findings_left_out = 0;
};

Headline headline_of(const ReportModel& report);

}  // namespace aios
