// SPDX-License-Identifier: Apache-2.0
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "scenarios/ai_scheduler/actors.h"
#include "scenarios/ai_scheduler/checks.h"
#include "scenarios/ai_scheduler/scheduler.h"

namespace aios::scheduler {
namespace {

struct Files {
  char state[8192] = {};
  char figures[2048] = {};
  bool read() {
    return read_whole("/proc/ai_scheduler", state, sizeof state) &&
           read_whole("/proc/ai_scheduler_stats", figures, sizeof figures);
  }
  bool says(const char* text) const { return std::strstr(state, text) != nullptr; }
  // The figure of a name, or -1.
  long figure(const char* name) const {
    char start[64];
    std::snprintf(start, sizeof start, "%s ", name);
    for (const char* at = figures; at != nullptr && *at != '\0'; at = std::strchr(at, '\n')) {
      if (*at == '\n') ++at;
      long value = -1;
      if (std::strncmp(at, start, std::strlen(start)) == 0 && std::sscanf(at + std::strlen(start), "%ld", &value) == 1)
        return value;
      if (*at == '\0') break;
    }
    return -1;
  }
};

lines::Outcome look(const Actor& actor) {
  if (!within_ms(2000, [&] { return runs_as(actor.pid, "odd"); })) return lines::no("the actor does not run");
  Files files;
  if (!files.read()) return lines::refused("/proc/ai_scheduler");
  for (const char* text : {"State: active", "Boost: nice", "GPUs: 0 known", "AI Tasks: 0", "Raised Threads: 0"}) {
    if (!files.says(text)) return lines::no("it does not say '%s'", text);
  }
  if (register_task(actor.pid, AI_SCHED_ON_CPU) != 0) return lines::no("a process cannot be registered");
  report_gpu(3, 41);
  if (!files.read()) return lines::refused("/proc/ai_scheduler");
  char line[64];
  std::snprintf(line, sizeof line, "PID %d  cpu  raised", actor.pid);
  for (const char* const text : {static_cast<const char*>(line), "AI Tasks: 1", "Raised Threads: 1",
                                 "GPU 3: Utilization 41%, available", "odd\\nname"}) {
    if (!files.says(text)) return lines::no("it does not say '%s': %.120s", text, std::strstr(files.state, "AI Tasks"));
  }
  if (files.figure("tasks") != 1 || files.figure("raised") != 1 || files.figure("raised_now") != 1 ||
      files.figure("gpus_free") != 1 || files.figure("executions") < 1 || files.figure("scans") < 1) {
    return lines::no("the figures are not true: %.100s", files.figures);
  }
  unregister_task(actor.pid);
  if (!files.read() || !files.says("AI Tasks: 0") || files.figure("put_back") != 1 || files.figure("ended") != 1) {
    return lines::no("unregistered, and it is still there: %.100s", files.figures);
  }
  return lines::yes("state, tasks, threads, GPUs, and the same as figures, before and after");
}

// What a process in a namespace of its own sees of the one outside, and of itself.
lines::Outcome from_inside(pid_t outside) {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("proc", "/proc", "proc", 0, nullptr) != 0) {
    return lines::skip("no mount namespace of its own");
  }
  if (::getpid() != 1) return lines::no("it is not process 1 of its namespace");
  if (register_task(0, AI_SCHED_ON_CPU) != 0) return lines::no("it cannot register itself");
  Files files;
  if (!files.read()) return lines::refused("/proc/ai_scheduler");
  if (!files.says("PID 1  cpu")) return lines::no("it does not see itself as process 1");
  char line[64];
  std::snprintf(line, sizeof line, "PID %d  ", outside);
  if (files.says(line)) return lines::no("it sees a process outside of its namespace");
  if (!files.says("AI Tasks: 2")) return lines::no("it does not see how many there are");
  ai_sched_info info{};
  if (outside != 1 && info_of(outside, info)) return lines::no("it can ask for a process outside");
  return lines::yes("its own numbers, and nobody outside");
}

}  // namespace

lines::Outcome proc_state() {
  lines::Outcome problem;
  if (!load("", problem)) return problem;
  return look(Actor("odd\nname", Act::sleep));
}

lines::Outcome own_pid_namespace() {
  lines::Outcome problem;
  if (!load("", problem)) return problem;
  Actor actor("tail", Act::sleep);
  if (register_task(actor.pid, AI_SCHED_ON_CPU) != 0) return lines::no("a process cannot be registered");
  int ends[2];
  if (::pipe(ends) != 0) return lines::refused("pipe");
  if (::unshare(CLONE_NEWPID) != 0) return lines::skip("this kernel has no PID namespaces");
  const pid_t child = ::fork();
  if (child == 0) {
    const lines::Outcome seen = from_inside(actor.pid);
    ::_exit(::write(ends[1], &seen, sizeof seen) == static_cast<ssize_t>(sizeof seen) ? 0 : 1);
  }
  lines::Outcome outcome;
  ::close(ends[1]);
  if (::read(ends[0], &outcome, sizeof outcome) != static_cast<ssize_t>(sizeof outcome))
    outcome = lines::no("no answer");
  ::waitpid(child, nullptr, 0);
  return outcome;
}

}  // namespace aios::scheduler
