// SPDX-License-Identifier: Apache-2.0
// Watches one boot: fed with what the machine reports and with the time, it says when the boot is over and how it
// ended. Passive: it waits for nothing, owns no descriptor and knows no back end, so a table of scripted consoles
// tests it whole. The loop that drives it is watch_boot().
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/machine/console_text.h"
#include "harness/machine/evidence.h"
#include "harness/machine/machine.h"
#include "harness/machine/marker_list.h"
#include "harness/machine/screen_text.h"
#include "harness/machine/text_rules.h"
#include "harness/machine/watch_plan.h"

namespace aios {

class Monitor {
 public:
  Monitor(const WatchPlan& plan, const WatchHooks& hooks, Duration start);

  void feed(const MachineEvent& event);
  // `starved`: for how much of the time so far the machine got no processor of the host. Patience is counted without
  // it, so that a busy host turns no kernel red; figures are wall-clock times all the same.
  void tick(Duration now, Duration starved = Duration{0});
  void cancel(Duration now);
  // How long nothing but an event can change the answer.
  Duration next_check(Duration now) const;

  bool decided() const { return decided_.has_value(); }
  EndState state() const { return *decided_; }
  bool wanted() const;
  // A silent machine that rests in a halt inside its own image is alive.
  void diagnosed(const Diagnosis& diagnosis, const std::vector<AddressRange>& image);
  void fill(BootEvidence& evidence) const;

 private:
  enum class Source { console, screen };
  struct Instant {
    Duration wall{0};
    Duration patient{0};  // without what the machine was starved of
  };
  void move_on(Duration wall);
  bool passed(const Instant& since, Duration limit) const {
    return now_.patient - since.patient >= plan_.scaled(limit);
  }
  const Instant& last_activity() const;
  void console(std::string_view bytes);
  void whole_line(std::string_view line);
  void text_line(std::string_view line, Source source);
  void notice(std::string_view line, LineMeaning meaning);
  void screen(const std::vector<std::string>& rows);
  void machine_off(const MachineEvent& event);
  void machine_gone(const MachineEvent& event);
  void check_bounds();
  bool check_pending();
  bool said_something() const;
  void progressed() { last_progress_ = now_; }
  void decide(EndState state, std::string detail);
  void time_is_over();

  WatchPlan plan_;
  WatchHooks hooks_;
  Instant start_, now_;
  Duration starved_{0};
  LineSplitter splitter_;
  ConsoleHistory history_;
  ScreenHistory screen_;
  MarkerList markers_;
  std::size_t marker_position_ = 0;  // in the console line that is growing
  std::vector<std::string> last_lines_;
  std::string crash_text_;
  std::string loader_text_;
  std::uint64_t lines_ = 0, warnings_ = 0;
  Duration rate_since_{0};
  std::uint64_t rate_lines_ = 0;

  std::optional<Instant> first_output_, last_output_, finished_at_, halted_at_, markers_done_;
  Instant last_progress_;
  struct Pending {
    EndState state;
    Instant since;
    std::string line;
  };
  std::optional<Pending> pending_;  // seen, and given time to tell the rest
  bool told_reboot_ = false;        // Linux said that it goes down
  std::optional<EndState> decided_;
  std::string detail_;
  int exit_code_ = 0;
};

}  // namespace aios
