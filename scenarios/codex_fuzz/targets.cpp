// SPDX-License-Identifier: Apache-2.0
#include "scenarios/codex_fuzz/targets.h"

#include "kernels/codex/ai_gpu/ai_gpu_uapi.h"
#include "kernels/codex/ai_mem/ai_mem_uapi.h"
#include "kernels/codex/ai_scheduler/ai_scheduler_uapi.h"

namespace aios::fuzz {
namespace {

constexpr Command kMemory[] = {
    {AI_MEM_ALLOC_BLOCK, Takes::nothing}, {AI_MEM_FREE_BLOCK, Takes::number}, {AI_MEM_ALLOC, Takes::structure},
    {AI_MEM_FREE, Takes::structure},      {AI_MEM_INFO, Takes::structure},    {AI_MEM_DMA_MAP, Takes::structure},
    {AI_MEM_DMA_UNMAP, Takes::number},    {AI_MEM_EXPORT, Takes::structure},
};

constexpr Command kGpu[] = {
    {AI_GPU_INFO, Takes::structure},     {AI_GPU_COPY, Takes::structure, true}, {AI_GPU_LAUNCH, Takes::structure, true},
    {AI_GPU_TOUCH, Takes::number, true}, {AI_GPU_WHERE, Takes::number},
};

constexpr Command kScheduler[] = {
    {AI_SCHED_REGISTER, Takes::structure},  {AI_SCHED_UNREGISTER, Takes::structure},
    {AI_SCHED_SET_GPU, Takes::structure},   {AI_SCHED_GET_INFO, Takes::structure},
    {AI_SCHED_GET_STATS, Takes::structure},
};

template <std::size_t N>
constexpr std::size_t count(const Command (&)[N]) {
  return N;
}

}  // namespace

const Target kTargets[] = {
    {"/dev/ai_memory", "ai_mem", "size_mb=16", "/proc/ai_memory", "Used: 0\nHeld: 0\n", kMemory, count(kMemory), 4096},
    {"/dev/ai_gpu0", "ai_gpu", "edu_dma_bits=32", "/proc/ai_gpu", "Unified Pages On Device: 0\n", kGpu, count(kGpu),
     64},
    {"/dev/ai_scheduler", "ai_scheduler", "", "/proc/ai_scheduler", "", kScheduler, count(kScheduler), 0},
};
const std::size_t kTargetCount = sizeof kTargets / sizeof kTargets[0];

}  // namespace aios::fuzz
