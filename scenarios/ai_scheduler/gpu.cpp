// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "scenarios/ai_scheduler/actors.h"
#include "scenarios/ai_scheduler/checks.h"
#include "scenarios/ai_scheduler/scheduler.h"

namespace aios::scheduler {
namespace {

bool write_state(const char* text) {
  const int file = ::open("/sys/class/misc/ai_scheduler/gpu_state", O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = ::write(file, text, std::strlen(text)) == static_cast<ssize_t>(std::strlen(text));
  ::close(file);
  return written;
}

bool are_at(const Actor& gpu, int gpu_nice, const Actor& model, int model_nice) {
  return within_ms(1000, [&] { return nice_of(gpu.pid) == gpu_nice && nice_of(model.pid) == model_nice; });
}

}  // namespace

lines::Outcome follows_gpu_state() {
  lines::Outcome problem;
  // A stand-in for a GPU's node, which this machine may not have: what counts as one is a parameter.
  if (!load("gpu_devices=1:5 gpu_stale_ms=600", problem)) return problem;
  Actor gpu("make", Act::gpu), model("sh", Act::model);
  if (!within_ms(4000, [&] { return nice_of(gpu.pid) == -10 && nice_of(model.pid) == -10; })) {
    return lines::no("no GPU known: nice %d with a GPU open, %d with a model", nice_of(gpu.pid), nice_of(model.pid));
  }
  if (report_gpu(0, 97) != 0) return lines::no("a GPU's state cannot be reported");
  if (!are_at(gpu, 0, model, -10)) return lines::no("GPU busy: nice %d and %d", nice_of(gpu.pid), nice_of(model.pid));
  report_gpu(1, 12);
  if (!are_at(gpu, -10, model, -10)) return lines::no("one of two GPUs free, nice is %d", nice_of(gpu.pid));
  report_gpu(1, 0, AI_SCHED_GPU_GONE);
  if (!are_at(gpu, 0, model, -10)) return lines::no("the free one is gone, nice is %d", nice_of(gpu.pid));
  if (!write_state("0 20\n") || !are_at(gpu, -10, model, -10)) return lines::no("by sysfs: nice %d", nice_of(gpu.pid));
  if (!write_state("0 100\n") || !are_at(gpu, 0, model, -10)) return lines::no("by sysfs: nice %d", nice_of(gpu.pid));
  if (write_state("0 101\n") || write_state("16 5\n") || write_state("0 5 more\n") || write_state("gone\n")) {
    return lines::no("nonsense is taken for a GPU's state");
  }
  if (!within_ms(2000, [&] { return nice_of(gpu.pid) == -10; })) return lines::no("a stale report still counts");
  // In one that is registered as a GPU's it is the same.
  Actor registered("tail", Act::compute);
  report_gpu(0, 95);
  if (register_task(registered.pid, AI_SCHED_ON_GPU) != 0 || nice_of(registered.pid) != 0) {
    return lines::no("registered for a busy GPU, it is at nice %d", nice_of(registered.pid));
  }
  report_gpu(0, 5);
  if (nice_of(registered.pid) != -10) return lines::no("its GPU is free, it is at nice %d", nice_of(registered.pid));
  return lines::yes("busy, one of two free, gone, stale; by ioctl and by sysfs; the model on the CPU stays raised");
}

}  // namespace aios::scheduler
