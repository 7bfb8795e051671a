// SPDX-License-Identifier: Apache-2.0
// Progress for a person: on a terminal one live line that is redrawn, also while nothing is said (how long it has been
// going on, how long it will); elsewhere (CI, a file) plain lines, a step at most every ten seconds. Writes to standard
// error only. Safe for several threads.
#pragma once

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

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
  void phase(std::string_view text) override;
  void step(const ProgressStep& step) override;
  void note(std::string_view text) override;
  void console(std::string_view line) override;
  // Nothing is live any more: before results are printed.
  void finish();

 private:
  void redraw_now_and_then();
  void draw();
  void clear_live_line();
  void line(std::string_view text);

  const Clock& clock_;
  std::FILE* out_;
  ProgressStyle style_;
  Duration began_;
  Duration last_step_{-3'600'000'000'000};

  std::mutex mutex_;
  bool live_shown_ = false;
  std::string step_text_;
  Duration phase_began_{0};
  std::optional<Duration> end_expected_;
  std::optional<double> last_estimate_;
  bool active_ = false, over_ = false;
  std::condition_variable wake_;
  std::thread ticker_;
};

}  // namespace aios
