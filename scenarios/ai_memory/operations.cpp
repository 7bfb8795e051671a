// SPDX-License-Identifier: Apache-2.0
#include "kernels/codex/ai_mem/ai_mem_uapi.h"
#include "scenarios/operation.h"
#include "scenarios/sys.h"

namespace aios::scenario::ai_memory {
namespace {

constexpr long kReadWrite = 2;
constexpr long kTaken = 60'000;

struct State {
  long fd = -1;
};

long control(const State& state, unsigned command, long argument) {
  return sys::call(__NR_ioctl, state.fd, command, argument);
}

Readiness prepare_pool(Context& context) {
  auto& state = context.make_state<State>();
  state.fd = sys::open(AI_MEM_DEVICE, kReadWrite);
  if (state.fd < 0) return context.unavailable(AI_MEM_DEVICE " does not open: is ai_mem loaded?", state.fd);
  for (long taken = 0; taken < context.size; ++taken) {
    const long block = control(state, AI_MEM_ALLOC_BLOCK, 0);
    if (block < 0) return context.unavailable("the pool has not that many blocks", block);
  }
  return Readiness::ready;
}

void pair_once(Context& context) {
  const auto& state = context.state<State>();
  const long block = control(state, AI_MEM_ALLOC_BLOCK, 0);
  context.expect(block >= 0 && control(state, AI_MEM_FREE_BLOCK, block) == 0);
}

// Closing the file gives back whatever was taken.
void finish_pool(Context& context) {
  if (context.state<State>().fd >= 0) sys::close(context.state<State>().fd);
}

Readiness prepare_nothing(Context&) { return Readiness::ready; }
void two_calls_once(Context& context) { context.expect(sys::getppid() >= 0 && sys::getppid() >= 0); }
void finish_nothing(Context&) {}

constexpr Operation kOperations[] = {
    {"ai_memory.two_system_calls", prepare_nothing, two_calls_once, finish_nothing},
    {"ai_memory.alloc_free", prepare_pool, pair_once, finish_pool},
    {"ai_memory.alloc_free_60000_taken", prepare_pool, pair_once, finish_pool, nullptr, kTaken},
};

}  // namespace

extern const OperationTable operations;
const OperationTable operations = table_of("ai_memory", kOperations);

}  // namespace aios::scenario::ai_memory
