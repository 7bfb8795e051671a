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

struct Headline {
  Tone tone = Tone::plain;
  std::string verdict;   // one or two words: "met", "missed", "failed", "measured"
  std::string sentence;  // plain text
  std::vector<KeyFigure> figures;
};

Headline headline_of(const ReportModel& report);

}  // namespace aios
