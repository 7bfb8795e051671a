// SPDX-License-Identifier: Apache-2.0
// aios-init: PID 1 of a guest under measurement. Mounts, loads, runs what /aios/orders asks for, reports each end as a
// frame, and ends the machine. It must never end itself: whatever fails is said and gone past.
#include <unistd.h>

#include <cstdlib>

#include "harness/guest/mark.h"
#include "images/init/child.h"
#include "images/init/ending.h"
#include "images/init/orders.h"
#include "images/init/report.h"
#include "images/init/setup.h"
#include "images/init/shell.h"

// The program's entry: POINT 1 (0f 1f 80, id, kind, magic: see mark.h) is the first instruction of user space, before
// the C library's start, so that "boot to init" holds nothing of PID 1 but the kernel's own work.
asm(".globl aios_init_entry\n"
    ".type aios_init_entry, @function\n"
    "aios_init_entry:\n\t"
    ".byte 0x0f, 0x1f, 0x80, 0x01, 0x05, 0x05, 0xa1\n\t"
    "jmp _start\n");
static_assert(AIOS_MARK_POINT_AT == 5, "the mark above is written out by hand");

namespace {

// A null change that the harness asks for on the kernel's command line: so many steps, and all that follows meets the
// tick at another phase.
void shift_phase() {
  const char* steps = std::getenv("aios_phase");
  if (steps == nullptr) return;
  for (long left = std::atol(steps); left > 0; --left) asm volatile("");
}

}  // namespace

int main() {
  using namespace aios::init;
  if (::getpid() != 1) {
    constexpr char kText[] = "aios-init is PID 1 of a guest; it does nothing elsewhere\n";
    return ::write(STDERR_FILENO, kText, sizeof kText - 1) > 0 ? 2 : 3;
  }
  guard_against_own_faults();
  shift_phase();
  prepare_for_children();
  set_up_file_systems();
  set_up_console();
  set_up_loopback();
  Ending ending = Ending::power_off;
  if (!follow_orders("/aios/orders", ending)) {
    announce_ready();
    report_log("aios-init: there is no /aios/orders; this is a console to look around");
    run_shell("exact");
  }
  announce_ready();
  AIOS_MARK_POINT(3);
  report_done();
  end_machine(ending);
}
