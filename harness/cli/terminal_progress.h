// SPDX-License-Identifier: Apache-2.0
// Progress for a person: on a terminal one live line that is redrawn, elsewhere (CI, a file) plain lines, a step at
// most every ten seconds. Writes to standard error only.
#pragma once

#include <cstdio>
#include <string>

#include "harness/support/clock.h"
#include "harness/support/progress.h"

namespace aios {

struct ProgressStyle {
  bool live = false;     // a terminal
  bool console = false;  // show the guest's console too
  bool quiet = false;
};

class TerminalProgress final : public Progress {
 public:
  TerminalProgress(const Clock& clock, std::FILE* out, ProgressStyle style);
  ~TerminalProgress() override;
  void set_style(ProgressStyle style) { style_ = style; }
  void phase(std::string_view text) override;
  void step(const ProgressStep& step) override;
  void note(std::string_view text) override;
  void console(std::string_view line) override;

 private:
  void clear_live_line();
  void line(std::string_view text);

  const Clock& clock_;
  std::FILE* out_;
  ProgressStyle style_;
  Duration began_;
  Duration last_step_{-3'600'000'000'000};
  bool live_shown_ = false;
};

}  // namespace aios
