// SPDX-License-Identifier: Apache-2.0
#include "scenarios/operation.h"
#include "scenarios/peer.h"
#include "scenarios/process/exit_program.h"
#include "scenarios/small_file.h"

namespace aios::scenario::process {
namespace {

constexpr long kWaitExited = 4, kWaitNoReap = 0x01000000, kByPid = 1;  // waitid's

struct State {
  SmallFile program;
  Thread thread;
  int go[2] = {-1, -1}, ready[2] = {-1, -1};
  long child = 0;
};

Readiness prepare_nothing(Context& context) {
  context.make_state<State>();
  return Readiness::ready;
}
Readiness prepare_stack(Context& context) {
  return context.make_state<State>().thread.make_stack() ? Readiness::ready
                                                         : context.unavailable("no memory for a stack");
}

void wait_for(Context& context, long pid) {
  int status = 0;
  context.expect(pid > 0 && sys::wait4(pid, &status) == pid && status == 0);
}

void fork_once(Context& context) {
  const long pid = sys::fork();
  if (pid == 0) sys::exit_process(0);
  wait_for(context, pid);
}

// vfork as the C library makes it, on a stack of its own: parent and child must not share one.
long vfork(State& state, long (*body)(void*)) {
  return sys::clone_on_stack(CLONE_VM | CLONE_VFORK | kSigChild,
                             static_cast<char*>(state.thread.stack) + Thread::kStack, body, &state, nullptr);
}
void vfork_once(Context& context) {
  wait_for(context, vfork(context.state<State>(), [](void*) -> long { return 0; }));
}

Readiness prepare_exec(Context& context) {
  if (prepare_stack(context) == Readiness::unavailable) return Readiness::unavailable;
  auto& program = context.state<State>().program;
  if (!program.create(context, "aios-exit", 0700)) return context.unavailable("no program can be made", program.fd);
  const bool written = program.write_all(&kExitProgram, sizeof kExitProgram);
  sys::close(program.fd);  // a file open for writing cannot be executed
  program.fd = -1;
  return written ? Readiness::ready : context.unavailable("the program cannot be written");
}
void exec_once(Context& context) {
  wait_for(context, vfork(context.state<State>(), [](void* state) -> long {
             const char* path = static_cast<State*>(state)->program.path;
             const char* const words[] = {path, nullptr};
             return sys::execve(path, words, words + 1);
           }));
}

Readiness prepare_pipes(Context& context) {
  auto& state = context.make_state<State>();
  const long go = sys::pipe(state.go), ready = go < 0 ? go : sys::pipe(state.ready);
  return ready < 0 ? context.unavailable("no pipe", ready) : Readiness::ready;
}
// A child that has said that it is there and sleeps until it is told to go.
void before_exit(Context& context) {
  auto& state = context.state<State>();
  char byte = 0;
  state.child = start_process(context, [](Context& inner) {
    auto& mine = inner.state<State>();
    char told = 0;
    sys::write(mine.ready[1], &told, 1);
    sys::read(mine.go[0], &told, 1);
  });
  context.expect(state.child > 0 && sys::read(state.ready[0], &byte, 1) == 1);
  for (int i = 0; i < 3; ++i) sys::sched_yield();
}
void exit_once(Context& context) {
  auto& state = context.state<State>();
  char byte = 0;
  sys::write(state.go[1], &byte, 1);
  wait_for(context, state.child);
}

void before_wait(Context& context) {
  auto& state = context.state<State>();
  state.child = start_process(context, [](Context&) {});
  context.expect(sys::call(__NR_waitid, kByPid, state.child, 0, kWaitExited | kWaitNoReap, 0) == 0);
}
void wait_once(Context& context) { wait_for(context, context.state<State>().child); }

void thread_once(Context& context) {
  auto& thread = context.state<State>().thread;
  context.expect(thread.start([](void*) -> long { return 0; }, nullptr) > 0);
  thread.join();
}

void finish(Context& context) {
  auto& state = context.state<State>();
  state.thread.free_stack();
  state.program.remove();
  close_pair(state.go);
  close_pair(state.ready);
}

constexpr Operation kOperations[] = {
    {"process.fork_exit_wait", prepare_nothing, fork_once, finish},
    {"process.vfork_exit_wait", prepare_stack, vfork_once, finish},
    {"process.exec", prepare_exec, exec_once, finish},
    {"process.exit_wait", prepare_pipes, exit_once, finish, before_exit},
    {"process.wait", prepare_nothing, wait_once, finish, before_wait},
    {"process.thread", prepare_stack, thread_once, finish},
};

}  // namespace

extern const OperationTable operations;
const OperationTable operations = table_of("process", kOperations);

}  // namespace aios::scenario::process
