// SPDX-License-Identifier: Apache-2.0
#include "images/init/ending.h"

#include <fcntl.h>
#include <sys/io.h>
#include <sys/reboot.h>
#include <unistd.h>
#include <csignal>

#include "images/init/report.h"
#include "images/init/text.h"

namespace aios::init {
namespace {

constexpr unsigned short kDebugExitPort = 0xf4;

// QEMU's isa-debug-exit ends at once, with exit code 1 for the value 0. A kernel without ioperm may have /dev/port.
void leave_by_debug_port() {
  if (::ioperm(kDebugExitPort, 1, 1) == 0) ::outb(0, kDebugExitPort);
  const int port = ::open("/dev/port", O_WRONLY | O_CLOEXEC);
  if (port < 0) return;
  const char zero = 0;
  if (::pwrite(port, &zero, 1, kDebugExitPort) != 1) report_log("aios-init: cannot write to the debug port");
  ::close(port);
}

void on_fault(int number) {
  Text<128> text;
  text << "aios-init: PID 1 was hit by signal " << number << " and ends the machine";
  report_log(text.c_str());
  end_machine(Ending::power_off);
}

}  // namespace

void end_machine(Ending ending) {
  ::sync();
  if (ending == Ending::debug_exit) leave_by_debug_port();
  if (ending == Ending::power_off) ::reboot(RB_POWER_OFF);
  if (ending == Ending::halt) ::reboot(RB_HALT_SYSTEM);
  ::reboot(RB_AUTOBOOT);
  for (;;) ::pause();
}

void guard_against_own_faults() {
  static char stack[32768];
  const stack_t alternate{stack, 0, sizeof stack};
  ::sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_handler = on_fault;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  for (const int number : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) ::sigaction(number, &action, nullptr);
}

}  // namespace aios::init
