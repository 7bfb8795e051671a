// SPDX-License-Identifier: Apache-2.0
// codex_fuzz [--seed=N] [--calls=N] [--workers=N] [--console] [--list] [--anywhere] [NAME...]
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "scenarios/codex_fuzz/lines_of_fuzz.h"
#include "scenarios/codex_fuzz/modules.h"
#include "scenarios/codex_fuzz/watch.h"
#include "scenarios/codex_fuzz/worker.h"

namespace aios::fuzz {
namespace {

using lines::no;
using lines::skip;
using lines::yes;

constexpr int kMostWorkers = 16, kMostTargets = 8;
constexpr std::uint64_t kCallsOfARound = 20'000;

// Written by the first line, read by those after it: they are processes of their own.
struct Whole {
  std::uint64_t seed = 1, calls = 20'000;
  int workers = 4;
  std::uint64_t made = 0, removals = 0;
  unsigned reports = 0, log_lines = 0, lost = 0;
  long long before_kb = 0, after_kb = 0;
  bool ran = false;
  char first_report[160] = {};
};
Whole* whole = nullptr;

template <typename T>
T* shared() {
  void* at = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return at == MAP_FAILED ? nullptr : new (at) T();
}

int loaded_count() {
  int count = 0;
  for (std::size_t i = 0; i < kTargetCount; ++i) count += is_loaded(kTargets[i]) ? 1 : 0;
  return count;
}

// Takes away what it can while others call it, and puts it back.
[[noreturn]] void remove_again_and_again(Shared& all) {
  while (!all.stop) {
    for (std::size_t i = 0; i < kTargetCount; ++i) {
      if (!can_be_loaded(kTargets[i])) continue;
      if (unload(kTargets[i])) all.removals.fetch_add(1);
      if (!is_loaded(kTargets[i])) load(kTargets[i]);
    }
    ::usleep(20'000);
  }
  ::_exit(0);
}

// Some workers, some of them without privileges, on files that they share or on their own.
void round(std::uint64_t number, std::uint64_t calls, Shared& all, LogWatch& watch) {
  int files[kMostTargets];
  const bool share = number % 3 != 0;  // who has a file open keeps the module
  for (std::size_t i = 0; i < kTargetCount; ++i) files[i] = share ? ::open(kTargets[i].device, O_RDWR) : -1;
  pid_t workers[kMostWorkers];
  all.stop = false;
  for (int i = 0; i < whole->workers; ++i) {
    workers[i] = ::fork();
    if (workers[i] != 0) continue;
    const std::uint64_t seed = (whole->seed << 32) + number * kMostWorkers + static_cast<std::uint64_t>(i);
    work({seed, calls / static_cast<std::uint64_t>(whole->workers), files, i % 4 != 3}, all);
  }
  for (std::size_t i = 0; i < kTargetCount; ++i) {
    if (files[i] >= 0) ::close(files[i]);
  }
  const pid_t remover = ::fork();
  if (remover == 0) remove_again_and_again(all);
  for (int i = 0; i < whole->workers; ++i) {
    while (::waitpid(workers[i], nullptr, WNOHANG) == 0) {
      watch.look();
      ::usleep(2000);
    }
  }
  all.stop = true;
  ::waitpid(remover, nullptr, 0);
  for (std::size_t i = 0; i < kTargetCount; ++i) {
    if (can_be_loaded(kTargets[i]) && !is_loaded(kTargets[i])) load(kTargets[i]);
  }
  watch.look();
}

// A dma-buf's last reference goes a little after the process that had it.
bool all_idle() {
  for (int waited = 0; waited < 2000; ++waited) {
    bool idle = true;
    for (std::size_t i = 0; i < kTargetCount; ++i) idle = idle && (!is_loaded(kTargets[i]) || is_idle(kTargets[i]));
    if (idle) return true;
    ::usleep(1000);
  }
  return false;
}

// Every module away and back; nullptr, or the module that would not. What its memory leaves in the kernel's own lists
// is there before as after.
const char* cycle() {
  for (std::size_t i = 0; i < kTargetCount; ++i) {
    if (!can_be_loaded(kTargets[i])) continue;
    if (!unload(kTargets[i]) || !load(kTargets[i])) return kTargets[i].module;
  }
  return nullptr;
}

Outcome calls() {
  if (loaded_count() == 0) return skip("none of the modules is loaded");
  auto* all = shared<Shared>();
  LogWatch watch;
  const std::uint64_t rounds = (whole->calls + kCallsOfARound - 1) / kCallsOfARound;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    round(i, whole->calls / rounds, *all, watch);
    // What is learned and cached the first time is no leak.
    if (i == 0 && all_idle() && cycle() == nullptr) whole->before_kb = available_kb();
  }
  whole->made = all->calls;
  whole->removals = all->removals;
  whole->reports = watch.reports();
  whole->log_lines = watch.lines();
  whole->lost = watch.lost();
  whole->ran = true;
  std::memcpy(whole->first_report, watch.first_report(), sizeof whole->first_report);
  return lines::counted(static_cast<double>(whole->made),
                        "by processes that share files, or do not, or have no privilege");
}

Outcome removals() {
  return whole->ran ? lines::counted(static_cast<double>(whole->removals), "modules taken away and put back")
                    : skip("nothing ran");
}

Outcome reports() {
  if (!whole->ran) return skip("nothing ran");
  if (whole->lost > 0) return no("messages came too fast to be read, %u times", whole->lost);
  return lines::counted(whole->reports, whole->reports == 0 ? "none" : whole->first_report);
}

Outcome log_lines() {
  return whole->ran ? lines::counted(whole->log_lines, "besides loading and unloading") : skip("nothing ran");
}

Outcome nothing_left() {
  if (!whole->ran) return skip("nothing ran");
  if (!all_idle()) return no("something is still in use");
  if (const char* module = cycle(); module != nullptr) return lines::refused(module);
  const long long after = available_kb(), allowed = whole->before_kb / 32;
  if (after < whole->before_kb - allowed) return no("%lld kB were available, now %lld", whole->before_kb, after);
  return yes("every module unloaded; %lld kB available, %lld before", after, whole->before_kb);
}

Outcome console_not_drowned() {
  constexpr int kFlood = 20'000;
  constexpr unsigned kMostLines = 10;
  LogWatch watch;
  int flooded = 0;
  for (std::size_t i = 0; i < kTargetCount; ++i) {
    const int fd = ::open(kTargets[i].device, O_RDWR | O_CLOEXEC);
    if (fd < 0) continue;
    ++flooded;
    for (int call = 0; call < kFlood; ++call) {
      const Target& target = kTargets[i];
      ::ioctl(fd, target.commands[static_cast<std::size_t>(call) % target.command_count].code, ~0UL - 7);
      if (call % 1000 == 0) watch.look();
    }
    ::close(fd);
  }
  watch.look();
  if (flooded == 0) return skip("there is no device");
  return watch.lines() + watch.reports() <= kMostLines * static_cast<unsigned>(flooded)
             ? yes("%u lines for %d bad calls to each of %d devices", watch.lines(), kFlood, flooded)
             : no("%u lines", watch.lines() + watch.reports());
}

constexpr lines::Line kLines[] = {
    {"calls", calls, true, INT_MAX},
    {"removals", removals, true},
    {"reports", reports, true},
    {"log_lines", log_lines, true},
    {"nothing_left", nothing_left, false, 60'000},
    {"console_not_drowned", console_not_drowned, false, 120'000},
    {"refused_cleanly", refused_cleanly, false, 600'000},
};

std::uint64_t number_of(const char* word, const char* name, std::uint64_t otherwise) {
  const std::size_t length = std::strlen(name);
  return std::strncmp(word, name, length) == 0 ? std::strtoull(word + length, nullptr, 10) : otherwise;
}

}  // namespace
}  // namespace aios::fuzz

int main(int count, char** words) {
  using namespace aios::fuzz;
  whole = shared<Whole>();
  if (whole == nullptr) return 3;
  for (int i = 1; i < count; ++i) {
    whole->seed = number_of(words[i], "--seed=", whole->seed);
    whole->calls = number_of(words[i], "--calls=", whole->calls);
    whole->workers = static_cast<int>(number_of(words[i], "--workers=", static_cast<std::uint64_t>(whole->workers)));
  }
  if (whole->workers < 1 || whole->workers > kMostWorkers || whole->calls == 0) return 2;
  return aios::lines::run_lines("codex_fuzz", kLines, count, words);
}
