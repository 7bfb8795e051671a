// SPDX-License-Identifier: Apache-2.0
#include "scenarios/ai_scheduler/scheduler.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>

namespace aios::scheduler {
namespace {

constexpr int kTries = 50;

}  // namespace

void pause_ms(long milliseconds) {
  const timespec time = {milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  ::nanosleep(&time, nullptr);
}

bool unload() {
  // A program that is just being started holds it for a moment.
  for (int i = 0; i < kTries; ++i) {
    if (::syscall(SYS_delete_module, "ai_scheduler", O_NONBLOCK) == 0 || errno == ENOENT) return true;
    if (errno != EAGAIN && errno != EBUSY) return false;
    pause_ms(5);
  }
  return false;
}

bool load(const char* parameters, lines::Outcome& problem) {
  const int file = ::open(kModule, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    problem = errno == ENOENT ? lines::skip("this subject is without +ai_scheduler") : lines::refused(kModule);
    return false;
  }
  if (!unload()) {
    problem = lines::refused("unloading ai_scheduler");
    ::close(file);
    return false;
  }
  const bool loaded = ::syscall(SYS_finit_module, file, parameters, 0) == 0;
  if (!loaded) problem = lines::refused("loading ai_scheduler");
  ::close(file);
  return loaded;
}

int device() { return ::open(AI_SCHED_DEVICE, O_RDWR | O_CLOEXEC); }

long control(unsigned long command, void* argument) {
  const int file = device();
  if (file < 0) return -errno;
  const long result = ::ioctl(file, command, argument) == 0 ? 0 : -errno;
  ::close(file);
  return result;
}

bool info_of(pid_t pid, ai_sched_info& info) {
  info = {};
  info.size = sizeof info;
  info.pid = pid;
  return control(AI_SCHED_GET_INFO, &info) == 0;
}

bool statistics(ai_sched_stats& stats) {
  stats = {};
  stats.size = sizeof stats;
  return control(AI_SCHED_GET_STATS, &stats) == 0;
}

long register_task(pid_t pid, unsigned kind) {
  ai_sched_task task{};
  task.size = sizeof task;
  task.pid = pid;
  task.kind = kind;
  return control(AI_SCHED_REGISTER, &task);
}

long unregister_task(pid_t pid) {
  ai_sched_task task{};
  task.size = sizeof task;
  task.pid = pid;
  return control(AI_SCHED_UNREGISTER, &task);
}

long report_gpu(unsigned id, unsigned busy_percent, unsigned flags) {
  ai_sched_gpu gpu{};
  gpu.size = sizeof gpu;
  gpu.flags = flags;
  gpu.id = id;
  gpu.busy_percent = busy_percent;
  return control(AI_SCHED_SET_GPU, &gpu);
}

bool read_whole(const char* path, char* to, std::size_t size) {
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::size_t used = 0;
  for (ssize_t got = 1; got > 0 && used + 1 < size;) {
    got = ::read(file, to + used, size - 1 - used);
    if (got > 0) used += static_cast<std::size_t>(got);
  }
  to[used] = '\0';
  ::close(file);
  return true;
}

}  // namespace aios::scheduler
