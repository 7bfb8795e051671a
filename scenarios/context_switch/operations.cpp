// SPDX-License-Identifier: Apache-2.0
// There and back: `once` wakes the other task and returns when the other has answered. The driver keeps everything on
// one processor, so each `once` is two switches.
#include "scenarios/operation.h"
#include "scenarios/peer.h"

namespace aios::scenario::context_switch {
namespace {

struct Shared {
  unsigned turn = 0;  // 0: the measuring task's, 1: the peer's
  unsigned stop = 0;
  unsigned long answers = 0;  // how often the peer came round
};

// By pipe, by futex, by yield: `pass` hands the turn over and waits for it; `answer` is the peer's whole life.
struct State {
  int there[2] = {-1, -1}, back[2] = {-1, -1};
  Shared* shared = nullptr;
  long futex_flag = 0;
  long pid = 0;
  unsigned long asked = 0, begun = 0;  // yield: how often, and the peer's answers before
  Thread thread;
};

struct Pipe {
  static bool settle(State&) { return true; }
  static bool held(const State&) { return true; }
  static Readiness open(Context& context, State& state) {
    const long there = sys::pipe(state.there), back = there < 0 ? there : sys::pipe(state.back);
    return back < 0 ? context.unavailable("no pipe", back) : Readiness::ready;
  }
  static void once(Context& context) {
    auto& state = context.state<State>();
    char byte = 0;
    sys::write(state.there[1], &byte, 1);
    context.expect(sys::read(state.back[0], &byte, 1) == 1);
  }
  static void answer(State& state) {
    char byte;
    while (sys::read(state.there[0], &byte, 1) == 1 && sys::write(state.back[1], &byte, 1) == 1) {
    }
  }
  static void stop(State& state) {
    if (state.there[1] >= 0) sys::close(state.there[1]);
    state.there[1] = -1;
  }
};

struct Futex {
  static bool settle(State&) { return true; }
  static bool held(const State&) { return true; }
  static Readiness open(Context&, State&) { return Readiness::ready; }
  static void wait_for(State& state, unsigned mine) {
    unsigned* turn = &state.shared->turn;
    while (__atomic_load_n(turn, __ATOMIC_ACQUIRE) != mine) {
      sys::futex(turn, FUTEX_WAIT | state.futex_flag, 1 - mine);
    }
  }
  static void give(State& state, unsigned whose) {
    __atomic_store_n(&state.shared->turn, whose, __ATOMIC_RELEASE);
    sys::futex(&state.shared->turn, FUTEX_WAKE | state.futex_flag, 1);
  }
  static void once(Context& context) {
    auto& state = context.state<State>();
    give(state, 1);
    wait_for(state, 0);
  }
  static void answer(State& state) {
    for (;;) {
      wait_for(state, 1);
      if (__atomic_load_n(&state.shared->stop, __ATOMIC_RELAXED) != 0) return;
      give(state, 0);
    }
  }
  static void stop(State& state) { give(state, 1); }
};

// A fair scheduler may let the same task go on after a yield, until the other has caught up.
struct Yield {
  static Readiness open(Context&, State&) { return Readiness::ready; }
  // Until the peer has come round in sixteen yields one after the other.
  static bool settle(State& state) {
    const auto answers = [&] { return __atomic_load_n(&state.shared->answers, __ATOMIC_RELAXED); };
    for (int left = 100'000, together = 0; left > 0; --left) {
      const unsigned long before = answers();
      sys::sched_yield();
      together = answers() == before ? 0 : together + 1;
      if (together == 16) {
        state.begun = answers();
        return true;
      }
    }
    return false;
  }
  // Most of the yields were switches, or the figure is of something else.
  static bool held(const State& state) { return state.shared->answers - state.begun >= state.asked / 2; }
  static void once(Context& context) {
    ++context.state<State>().asked;
    sys::sched_yield();
  }
  static void answer(State& state) {
    while (__atomic_load_n(&state.shared->stop, __ATOMIC_RELAXED) == 0) {
      state.shared->answers++;
      sys::sched_yield();
    }
  }
  static void stop(State&) {}
};

template <typename Means>
Readiness open(Context& context) {
  auto& state = context.make_state<State>();
  state.shared = static_cast<Shared*>(map_shared(kPage));
  if (state.shared == nullptr) return context.unavailable("no shared memory");
  return Means::open(context, state);
}

template <typename Means>
Readiness prepare_process(Context& context) {
  if (open<Means>(context) == Readiness::unavailable) return Readiness::unavailable;
  auto& state = context.state<State>();
  state.pid = start_process(context, [](Context& inner) { Means::answer(inner.state<State>()); });
  if (state.pid <= 0) return context.unavailable("no second process", state.pid);
  return Means::settle(state) ? Readiness::ready : context.unavailable("the second process does not take turns");
}

template <typename Means>
Readiness prepare_thread(Context& context) {
  if (open<Means>(context) == Readiness::unavailable) return Readiness::unavailable;
  auto& state = context.state<State>();
  state.futex_flag = FUTEX_PRIVATE_FLAG;
  if (!state.thread.make_stack()) return context.unavailable("no memory for a stack");
  const long id = state.thread.start(
      [](void* argument) -> long {
        Means::answer(*static_cast<State*>(argument));
        return 0;
      },
      &state);
  if (id <= 0) return context.unavailable("no second thread", id);
  return Means::settle(state) ? Readiness::ready : context.unavailable("the second thread does not take turns");
}

template <typename Means>
void finish(Context& context) {
  auto& state = context.state<State>();
  end_process(state.pid);
  if (state.shared != nullptr) {
    context.expect(Means::held(state));
    __atomic_store_n(&state.shared->stop, 1U, __ATOMIC_RELAXED);
    if (state.thread.running != 0) Means::stop(state);
    state.thread.join();
  }
  state.thread.free_stack();
  close_pair(state.there);
  close_pair(state.back);
  if (state.shared != nullptr) sys::munmap(state.shared, kPage);
}

constexpr Operation kOperations[] = {
    {"context_switch.process.pipe", prepare_process<Pipe>, Pipe::once, finish<Pipe>},
    {"context_switch.process.futex", prepare_process<Futex>, Futex::once, finish<Futex>},
    {"context_switch.process.yield", prepare_process<Yield>, Yield::once, finish<Yield>},
    {"context_switch.thread.pipe", prepare_thread<Pipe>, Pipe::once, finish<Pipe>},
    {"context_switch.thread.futex", prepare_thread<Futex>, Futex::once, finish<Futex>},
    {"context_switch.thread.yield", prepare_thread<Yield>, Yield::once, finish<Yield>},
};

}  // namespace

extern const OperationTable operations;
const OperationTable operations = table_of("context_switch", kOperations);

}  // namespace aios::scenario::context_switch
