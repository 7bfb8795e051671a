// SPDX-License-Identifier: Apache-2.0
// `before` chooses a page that is not mapped, `once` touches it. When all pages of a stretch have been touched,
// `before` takes them out again; the page tables stay, so that a fault is a fault and nothing else.
#include <linux/resource.h>

#include "scenarios/operation.h"
#include "scenarios/page_fault/huge_page_setting.h"
#include "scenarios/peer.h"
#include "scenarios/small_file.h"

namespace aios::scenario::page_fault {
namespace {

constexpr long kHuge = 2L << 20;
constexpr long kAround = 64 * 1024;  // how much of a file Linux maps along with a page (fault_around_bytes)

struct State {
  char* mapping = nullptr;
  long mapped = 0;
  char* first = nullptr;
  char* next = nullptr;  // the page to touch
  long stretch = 0;      // bytes from first that are used
  long stride = kPage;
  SmallFile file;
  HugePageSetting setting;
  long child = 0;
};

Readiness map(Context& context, State& state, long size, long flags, long fd = -1) {
  state.mapping = static_cast<char*>(sys::mmap(size, PROT_READ | PROT_WRITE, flags, fd));
  if (state.mapping == nullptr) return context.unavailable("mmap refused");
  state.mapped = size;
  state.first = state.next = state.mapping;
  state.stretch = size;
  return Readiness::ready;
}

void touch_all(const State& state) {
  for (long at = 0; at < state.stretch; at += state.stride) *static_cast<volatile char*>(state.first + at) = 1;
}

// True when the stretch has been used up; then it begins anew.
bool advance(State& state) {
  state.next += state.stride;
  if (state.next < state.first + state.stretch) return false;
  state.next = state.first;
  return true;
}
void drop(const State& state) { sys::madvise(state.first, state.stretch, MADV_DONTNEED); }

void before_dropping(Context& context) {
  auto& state = context.state<State>();
  if (advance(state)) drop(state);
}
void write_once(Context& context) { *static_cast<volatile char*>(context.state<State>().next) = 1; }
void read_once(Context& context) { (void)*static_cast<const volatile char*>(context.state<State>().next); }

void finish(Context& context) {
  auto& state = context.state<State>();
  end_process(state.child);
  if (state.mapping != nullptr) sys::munmap(state.mapping, state.mapped);
  state.file.remove();
}

Readiness prepare_anonymous(Context& context) {
  auto& state = context.make_state<State>();
  if (map(context, state, 256 * kPage, MAP_PRIVATE | MAP_ANONYMOUS) == Readiness::unavailable) {
    return Readiness::unavailable;
  }
  sys::madvise(state.mapping, state.mapped, MADV_NOHUGEPAGE);
  touch_all(state);
  drop(state);
  return Readiness::ready;
}

Readiness prepare_file(Context& context) {
  auto& state = context.make_state<State>();
  if (!state.file.create(context, "aios-page-fault")) return context.unavailable("no file can be made", state.file.fd);
  static constexpr char kZeros[kPage] = {};
  for (long at = 0; at < 32 * kAround; at += kPage) {
    if (!state.file.write_all(kZeros, kPage)) return context.unavailable("the file cannot be written");
  }
  if (map(context, state, 32 * kAround, MAP_SHARED, state.file.fd) == Readiness::unavailable) {
    return Readiness::unavailable;
  }
  state.stride = kAround;
  touch_all(state);
  drop(state);
  return Readiness::ready;
}

// A child that shares every page and sleeps, so that each first write must copy.
bool share(Context& context, State& state) {
  end_process(state.child);
  touch_all(state);
  state.child = start_process(context, [](Context&) {
    for (;;) sys::call(__NR_pause);
  });
  return state.child > 0;
}
Readiness prepare_copy(Context& context) {
  if (prepare_anonymous(context) == Readiness::unavailable) return Readiness::unavailable;
  auto& state = context.state<State>();
  return share(context, state) ? Readiness::ready : context.unavailable("no second process", state.child);
}
void before_copy(Context& context) {
  auto& state = context.state<State>();
  if (advance(state)) context.expect(share(context, state));
}

long minor_faults() {
  rusage used{};
  sys::call(__NR_getrusage, RUSAGE_SELF, sys::as_long(&used));
  return used.ru_minflt;
}

// A stretch of new memory that asks for huge pages; what has had small ones has tables that keep it small. Its first
// 2 MB must come with one fault, or they were not huge.
Readiness map_huge(Context& context, State& state) {
  if (state.mapping != nullptr) sys::munmap(state.mapping, state.mapped);
  if (map(context, state, 5 * kHuge, MAP_PRIVATE | MAP_ANONYMOUS) == Readiness::unavailable) {
    return Readiness::unavailable;
  }
  const long off = reinterpret_cast<long>(state.mapping) & (kHuge - 1);
  state.first = state.next = state.mapping + (off == 0 ? 0 : kHuge - off);
  state.stretch = 4 * kHuge;
  state.stride = kHuge;
  const long refused = sys::madvise(state.first, state.stretch, MADV_HUGEPAGE);
  if (refused < 0) return context.unavailable("the kernel has no transparent huge pages", refused);
  const long faults = minor_faults();
  for (long at = 0; at < kHuge; at += kPage) *static_cast<volatile char*>(state.first + at) = 1;
  if (minor_faults() - faults == 1) return Readiness::ready;
  return context.unavailable("the kernel gave small pages where huge ones were asked for");
}

Readiness prepare_huge(Context& context) {
  auto& state = context.make_state<State>();
  if (map_huge(context, state) == Readiness::unavailable &&
      !(state.setting.allow() && map_huge(context, state) == Readiness::ready)) {
    return Readiness::unavailable;
  }
  touch_all(state);
  drop(state);
  return Readiness::ready;
}
void finish_huge(Context& context) {
  context.state<State>().setting.put_back();
  finish(context);
}

constexpr Operation kOperations[] = {
    {"page_fault.anonymous", prepare_anonymous, write_once, finish, before_dropping},
    {"page_fault.file", prepare_file, read_once, finish, before_dropping},
    {"page_fault.copy_on_write", prepare_copy, write_once, finish, before_copy},
    {"page_fault.huge", prepare_huge, write_once, finish_huge, before_dropping},
};

}  // namespace

extern const OperationTable operations;
const OperationTable operations = table_of("page_fault", kOperations);

}  // namespace aios::scenario::page_fault
