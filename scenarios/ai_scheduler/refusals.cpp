// SPDX-License-Identifier: Apache-2.0
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <initializer_list>

#include "scenarios/ai_scheduler/checks.h"
#include "scenarios/ai_scheduler/scheduler.h"

namespace aios::scheduler {
namespace {

constexpr pid_t kKernelThread = 2;  // kthreadd
constexpr unsigned kNobody = 65534;

template <typename Argument>
Argument argument() {
  Argument made{};
  made.size = sizeof made;
  return made;
}

long told(int file, unsigned long command, void* argument) {
  return ::ioctl(file, command, argument) == 0 ? 0 : -errno;
}

struct Refusal {
  const char* what;
  long got, wanted;
};

}  // namespace

lines::Outcome refuses_bad_input() {
  lines::Outcome problem;
  if (!load("", problem)) return problem;
  const int file = device();
  if (file < 0) return lines::refused(AI_SCHED_DEVICE);

  auto short_task = argument<ai_sched_task>(), reserved = short_task, flags = short_task, kind = short_task,
       nobody = short_task, negative = short_task, kernel = short_task, fine = short_task;
  short_task.size = 8;
  reserved.reserved[1] = 1;
  flags.flags = 1;
  kind.kind = 2;
  nobody.pid = 4'000'000;
  negative.pid = -1;
  kernel.pid = kKernelThread;
  auto gpu = argument<ai_sched_gpu>(), percent = gpu, gpu_flags = gpu, unknown_gpu = gpu;
  gpu.id = AI_SCHED_MAX_GPUS;
  percent.busy_percent = 101;
  gpu_flags.flags = 2;
  unknown_gpu.flags = AI_SCHED_GPU_GONE;
  auto info = argument<ai_sched_info>(), info_size = info, info_reserved = info;
  info_size.size = 0xffffffff;
  info_reserved.reserved32 = 1;
  auto stats = argument<ai_sched_stats>();
  stats.flags = 1;
  void* const nowhere = reinterpret_cast<void*>(8);
  void* const kernel_memory = reinterpret_cast<void*>(0xffffffff81000000UL);
  const Refusal kRefusals[] = {
      {"a size that is too small", told(file, AI_SCHED_REGISTER, &short_task), -EINVAL},
      {"a reserved field", told(file, AI_SCHED_REGISTER, &reserved), -EINVAL},
      {"an unknown flag", told(file, AI_SCHED_REGISTER, &flags), -EINVAL},
      {"an unknown kind", told(file, AI_SCHED_REGISTER, &kind), -EINVAL},
      {"a process that is not", told(file, AI_SCHED_REGISTER, &nobody), -ESRCH},
      {"a negative process", told(file, AI_SCHED_REGISTER, &negative), -ESRCH},
      {"a kernel thread", told(file, AI_SCHED_REGISTER, &kernel), -EINVAL},
      {"one that is not registered", told(file, AI_SCHED_UNREGISTER, &fine), -ENOENT},
      {"a GPU beyond the last", told(file, AI_SCHED_SET_GPU, &gpu), -EINVAL},
      {"101 percent", told(file, AI_SCHED_SET_GPU, &percent), -EINVAL},
      {"an unknown flag of a GPU", told(file, AI_SCHED_SET_GPU, &gpu_flags), -EINVAL},
      {"a GPU that is not known", told(file, AI_SCHED_SET_GPU, &unknown_gpu), -ENOENT},
      {"a size that is too large", told(file, AI_SCHED_GET_INFO, &info_size), -EINVAL},
      {"a reserved field of info", told(file, AI_SCHED_GET_INFO, &info_reserved), -EINVAL},
      {"a flag of stats", told(file, AI_SCHED_GET_STATS, &stats), -EINVAL},
      {"a pointer to nowhere", told(file, AI_SCHED_GET_INFO, nowhere), -EFAULT},
      {"a pointer into the kernel", told(file, AI_SCHED_GET_STATS, kernel_memory), -EFAULT},
      {"an unknown command", told(file, _IO(AI_SCHED_MAGIC, 77), nullptr), -ENOTTY},
      {"a known command with another size", told(file, _IOW(AI_SCHED_MAGIC, 1, char), &fine), -ENOTTY},
  };
  for (const Refusal& one : kRefusals) {
    if (one.got != one.wanted) return lines::no("%s: %ld, not %ld", one.what, one.got, one.wanted);
  }
  ::close(file);  // while it is open, the module cannot go
  for (const char* parameters : {"boost=much", "nice=5", "nice=-21", "priority=99", "period_ms=1", "max_processes=0"}) {
    lines::Outcome ignored;
    if (load(parameters, ignored)) return lines::no("it can be loaded with %s", parameters);
  }
  if (!load("", problem)) return problem;
  const int again = device();
  if (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0) {
    return lines::refused("becoming nobody");
  }
  // The descriptor that root opened gives nobody root's rights.
  auto fine_gpu = argument<ai_sched_gpu>();
  if (told(again, AI_SCHED_REGISTER, &fine) != -EPERM || told(again, AI_SCHED_SET_GPU, &fine_gpu) != -EPERM) {
    return lines::no("nobody may register, or report a GPU");
  }
  if (device() >= 0) return lines::no("nobody may open the device");
  return lines::yes("19 bad calls, 6 bad parameters, and nobody");
}

}  // namespace aios::scheduler
