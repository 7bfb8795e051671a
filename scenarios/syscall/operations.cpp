// SPDX-License-Identifier: Apache-2.0
#include "scenarios/operation.h"
#include "scenarios/peer.h"
#include "scenarios/small_file.h"

namespace aios::scenario::syscall {
namespace {

constexpr long kMonotonic = 1;

struct State {
  SmallFile file;
  unsigned word = 0;
};

Readiness prepare_nothing(Context&) { return Readiness::ready; }
void finish_nothing(Context&) {}

void null_once(Context& context) { context.expect(sys::getppid() >= 0); }

Readiness prepare_read(Context& context) {
  auto& file = context.make_state<State>().file;
  file.fd = sys::open("/dev/zero", O_RDONLY);
  return file.fd >= 0 ? Readiness::ready : context.unavailable("/dev/zero does not open", file.fd);
}
void read_once(Context& context) {
  char byte;
  context.expect(sys::read(context.state<State>().file.fd, &byte, 1) == 1);
}
void finish_file(Context& context) { context.state<State>().file.remove(); }

Readiness prepare_read_file(Context& context) {
  auto& file = context.make_state<State>().file;
  if (!file.create(context, "aios-syscall-read")) return context.unavailable("no file can be made", file.fd);
  return file.write_all("x", 1) ? Readiness::ready : context.unavailable("the file cannot be written");
}
void read_file_once(Context& context) {
  char byte;
  context.expect(sys::pread(context.state<State>().file.fd, &byte, 1, 0) == 1);
}

void futex_once(Context& context) {
  context.expect(sys::futex(&context.state<State>().word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1) == 0);
}
Readiness prepare_futex(Context& context) {
  const long woken = sys::futex(&context.make_state<State>().word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
  return woken == 0 ? Readiness::ready : context.unavailable("futex is refused", woken);
}

void clock_once(Context& context) {
  long time[2];
  context.expect(sys::call(__NR_clock_gettime, kMonotonic, sys::as_long(time)) == 0);
}

Readiness prepare_vdso(Context& context) {
  return context.clock_gettime != nullptr ? Readiness::ready : context.unavailable("the driver knows no vDSO");
}
void vdso_once(Context& context) {
  long time[2];
  context.expect(context.clock_gettime(kMonotonic, time) == 0);
}

constexpr Operation kOperations[] = {
    {"syscall.null", prepare_nothing, null_once, finish_nothing},
    {"syscall.read", prepare_read, read_once, finish_file},
    {"syscall.read_file", prepare_read_file, read_file_once, finish_file},
    {"syscall.futex", prepare_futex, futex_once, finish_nothing},
    {"syscall.clock_gettime", prepare_nothing, clock_once, finish_nothing},
    {"syscall.clock_gettime_vdso", prepare_vdso, vdso_once, finish_nothing},
};

}  // namespace

extern const OperationTable operations;
const OperationTable operations = table_of("syscall", kOperations);

}  // namespace aios::scenario::syscall
