// SPDX-License-Identifier: Apache-2.0
#include "scenarios/ai_scheduler/actors.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

#include "scenarios/ai_scheduler/scheduler.h"

namespace aios::scheduler {
namespace {

constexpr const char* kTold = "--act";
constexpr std::size_t kSmall = 4UL << 20, kLarge = 66UL << 20;
constexpr std::size_t kPage = 4096;
volatile std::sig_atomic_t told = 0;
volatile unsigned long sink = 0;

void note(int) { told = 1; }

// Sparse: a page that is read becomes a page of the file.
const char* map_file(const char* path, const char* head, std::size_t size) {
  const int file = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, static_cast<off_t>(size)) != 0) ::_exit(3);
  if (::pwrite(file, head, std::strlen(head), 0) < 0) ::_exit(3);
  ::close(file);
  const int again = ::open(path, O_RDONLY | O_CLOEXEC);
  void* map = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, again, 0);
  ::close(again);
  if (map == MAP_FAILED) ::_exit(3);
  return static_cast<const char*>(map);
}

void add_up(const char* from, std::size_t size, std::size_t step) {
  unsigned long sum = 0;
  for (std::size_t at = 0; at < size; at += step) sum += static_cast<unsigned char>(from[at]);
  sink = sink + sum;
}

void compute(long turns) {
  for (long i = 0; i < turns; ++i) sink = sink * 3 + 1;
}

[[noreturn]] void compute_for_ever() {
  for (;;) compute(100'000);
}

[[noreturn]] void wait_for_ever() {
  for (;;) ::pause();
}

[[noreturn]] void become(Act act) {
  char number[8];
  std::snprintf(number, sizeof number, "%d", static_cast<int>(act));
  ::execl("/proc/self/exe", "other", kTold, number, nullptr);
  ::_exit(3);
}

[[noreturn]] void serve_model(Act act) {
  const char* model = map_file("/tmp/model", "GGUF\3", kSmall);
  for (;;) {
    if (model != nullptr) add_up(model, kSmall, 64);
    if (model == nullptr) compute(100'000);
    if (told == 0) continue;
    told = 0;
    if (act == Act::model_exec) become(Act::compute);
    if (act == Act::model_fork && ::fork() == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      compute_for_ever();
    }
    if (act == Act::model_unmap && model != nullptr) {
      ::munmap(const_cast<char*>(model), kSmall);
      model = nullptr;
    }
  }
}

[[noreturn]] void play(Act act) {
  struct sigaction action {};
  action.sa_handler = note;
  ::sigaction(SIGUSR1, &action, nullptr);
  switch (act) {
    case Act::model:
    case Act::model_fork:
    case Act::model_exec:
    case Act::model_unmap:
      serve_model(act);
    case Act::large_file: {
      const char* file = map_file("/tmp/large", "weights", kLarge);
      for (;;) add_up(file, kLarge, 512);
    }
    case Act::gpu:
      if (::open("/dev/zero", O_RDWR) < 0) ::_exit(3);
      compute_for_ever();
    case Act::compute:
      compute_for_ever();
    case Act::sleep:
      wait_for_ever();
    case Act::idle_model:
      add_up(map_file("/tmp/idle", "GGUF\3", kSmall), kSmall, 64);
      wait_for_ever();
    case Act::read_once: {
      const char* file = map_file("/tmp/once", "GGUF\3", kLarge);
      for (std::size_t at = 0; at < kLarge; at += kPage) {
        add_up(file + at, kPage, 64);
        compute(2'000);
      }
      wait_for_ever();
    }
    case Act::memory: {
      char* memory = static_cast<char*>(::malloc(kSmall));
      if (memory == nullptr) ::_exit(3);
      std::memset(memory, 1, kSmall);
      for (;;) add_up(memory, kSmall, 64);
    }
  }
  ::_exit(3);
}

}  // namespace

Actor::Actor(const char* name, Act act) {
  char path[64], number[8], self[256];
  std::snprintf(path, sizeof path, "/tmp/%s", name);
  std::snprintf(number, sizeof number, "%d", static_cast<int>(act));
  const ssize_t length = ::readlink("/proc/self/exe", self, sizeof self - 1);
  if (length <= 0) return;
  self[length] = '\0';
  ::unlink(path);
  if (::symlink(self, path) != 0) return;
  pid = ::fork();
  if (pid != 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::execl(path, name, kTold, number, nullptr);
  ::_exit(3);
}

Actor::~Actor() { end(); }

void Actor::end() {
  if (pid <= 0) return;
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
  pid = -1;
}

void Actor::tell() const { ::kill(pid, SIGUSR1); }

bool act_if_told(int count, char** words) {
  if (count != 3 || std::strcmp(words[1], kTold) != 0) return false;
  play(static_cast<Act>(std::atoi(words[2])));
}

int nice_of(pid_t pid) { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(pid)); }

bool set_nice(pid_t pid, int nice) { return ::setpriority(PRIO_PROCESS, static_cast<id_t>(pid), nice) == 0; }

int child_of(pid_t pid) {
  char path[64], text[64];
  std::snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
  if (read_whole(path, text, sizeof text) && text[0] != '\0') return std::atoi(text);
  // Without that file: whoever names it as its parent.
  for (int other = pid + 1; other < pid + 200; ++other) {
    char stat[256];
    std::snprintf(path, sizeof path, "/proc/%d/stat", other);
    if (!read_whole(path, stat, sizeof stat)) continue;
    const char* after = std::strrchr(stat, ')');
    int parent = 0;
    if (after != nullptr && std::sscanf(after + 1, " %*c %d", &parent) == 1 && parent == pid) return other;
  }
  return -1;
}

bool runs_as(pid_t pid, const char* name) {
  char path[64], text[64];
  std::snprintf(path, sizeof path, "/proc/%d/comm", pid);
  return read_whole(path, text, sizeof text) && std::strncmp(text, name, std::strlen(name)) == 0;
}

unsigned long long processor_time_ns(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &time) != 0) return 0;
  return static_cast<unsigned long long>(time.tv_sec) * 1'000'000'000ULL +
         static_cast<unsigned long long>(time.tv_nsec);
}

}  // namespace aios::scheduler
