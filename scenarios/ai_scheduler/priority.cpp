// SPDX-License-Identifier: Apache-2.0
#include <sched.h>

#include "scenarios/ai_scheduler/actors.h"
#include "scenarios/ai_scheduler/checks.h"
#include "scenarios/ai_scheduler/scheduler.h"

namespace aios::scheduler {
namespace {

constexpr long kWithin = 4000;
constexpr int kRaised = -10;

bool comes_to(pid_t pid, int nice) {
  return within_ms(kWithin, [&] { return nice_of(pid) == nice; });
}

// The share of the processor, in percent, that the first has beside the second for 400 ms.
unsigned share_beside(const Actor& first, const Actor& second) {
  const auto a = processor_time_ns(first.pid), b = processor_time_ns(second.pid);
  pause_ms(400);
  const auto x = processor_time_ns(first.pid) - a, y = processor_time_ns(second.pid) - b;
  return x + y == 0 ? 0 : static_cast<unsigned>(100 * x / (x + y));
}

}  // namespace

lines::Outcome raises_priority() {
  lines::Outcome problem;
  if (!load("", problem)) return problem;
  Actor model("sh", Act::model), hog("llama", Act::compute);
  if (!comes_to(model.pid, kRaised)) return lines::no("a model at work is at nice %d", nice_of(model.pid));
  if (nice_of(hog.pid) != 0) return lines::no("a hog is at nice %d", nice_of(hog.pid));
  const unsigned share = share_beside(model, hog);
  if (share < 80) return lines::no("raised, it has %u %% of the processor beside a hog", share);
  // What its owner chose stays.
  Actor nicer("batch", Act::model);
  set_nice(nicer.pid, 5);
  ai_sched_info info{};
  if (!within_ms(kWithin, [&] { return info_of(nicer.pid, info) && info.found == 1; })) {
    return lines::no("a model at work at nice 5 is not found");
  }
  pause_ms(200);
  if (nice_of(nicer.pid) != 5) return lines::no("its owner chose nice 5; it is at %d", nice_of(nicer.pid));
  return lines::yes("nice %d within %ld ms, %u %% of the processor beside a hog", kRaised, kWithin, share);
}

lines::Outcome puts_priority_back() {
  lines::Outcome problem;
  if (!load("", problem)) return problem;

  Actor registered("tail", Act::compute);
  if (register_task(registered.pid, AI_SCHED_ON_CPU) != 0 || nice_of(registered.pid) != kRaised) {
    return lines::no("a registered process is not raised at once");
  }
  if (unregister_task(registered.pid) != 0 || nice_of(registered.pid) != 0) {
    return lines::no("no more registered, it is at nice %d", nice_of(registered.pid));
  }

  register_task(registered.pid, AI_SCHED_ON_CPU);
  set_nice(registered.pid, 3);
  pause_ms(200);
  unregister_task(registered.pid);
  if (nice_of(registered.pid) != 3) {
    return lines::no("somebody set it to 3 meanwhile; now it is at %d", nice_of(registered.pid));
  }
  registered.end();

  Actor parent("sh", Act::model_fork);
  if (!comes_to(parent.pid, kRaised)) return lines::no("a model at work is not raised");
  parent.tell();
  int child = -1;
  if (!within_ms(1000, [&] { return (child = child_of(parent.pid)) > 0; })) return lines::no("it has no child");
  // Until it is found out that it has the model mapped, and computes elsewhere, it is as any other.
  if (nice_of(child) != 0) return lines::no("what it starts begins at nice %d", nice_of(child));
  parent.end();

  Actor other("sh", Act::model_exec);
  if (!comes_to(other.pid, kRaised)) return lines::no("a model at work is not raised");
  other.tell();
  if (!comes_to(other.pid, 0)) return lines::no("it runs another program now, and is at %d", nice_of(other.pid));
  other.end();

  Actor unmaps("sh", Act::model_unmap);
  if (!comes_to(unmaps.pid, kRaised)) return lines::no("a model at work is not raised");
  unmaps.tell();
  if (!comes_to(unmaps.pid, 0)) return lines::no("without its model it is at %d", nice_of(unmaps.pid));
  unmaps.end();

  ai_sched_stats stats{};
  if (!within_ms(kWithin, [&] { return statistics(stats) && stats.tasks == 0 && stats.raised_now == 0; })) {
    return lines::no("all have ended; %u tasks and %u raised threads are left", stats.tasks, stats.raised_now);
  }
  if (stats.left_alone != 1) return lines::no("left alone: %llu, not the one", stats.left_alone);

  Actor last("sh", Act::model);
  if (!comes_to(last.pid, kRaised)) return lines::no("a model at work is not raised");
  if (!unload()) return lines::refused("unloading with a raised process");
  if (nice_of(last.pid) != 0) return lines::no("the module is gone, and it is at %d", nice_of(last.pid));
  return lines::yes("unregistered, changed by others, its children, another program, model unmapped, module gone");
}

lines::Outcome real_time_class() {
  struct Case {
    const char* parameters;
    int policy;
  };
  static constexpr Case kCases[] = {{"boost=fifo priority=7", SCHED_FIFO}, {"boost=rr priority=7", SCHED_RR}};
  lines::Outcome problem;
  unsigned share = 0;
  for (const Case& one : kCases) {
    if (!load(one.parameters, problem)) return problem;
    Actor model("sh", Act::model), hog("llama", Act::compute);
    if (!within_ms(kWithin, [&] { return (::sched_getscheduler(model.pid) & ~SCHED_RESET_ON_FORK) == one.policy; })) {
      return lines::no("%s: its class is %d", one.parameters, ::sched_getscheduler(model.pid));
    }
    sched_param parameters{};
    ::sched_getparam(model.pid, &parameters);
    if (parameters.sched_priority != 7) return lines::no("its priority is %d", parameters.sched_priority);
    // Even a hog at nice -20 stands behind it, but for what the kernel keeps for the others (5 %).
    set_nice(hog.pid, -20);
    share = share_beside(model, hog);
    if (share < 90) return lines::no("%s: %u %% of the processor beside a hog at nice -20", one.parameters, share);
    if (!unload()) return lines::refused("unloading");
    if (::sched_getscheduler(model.pid) != SCHED_OTHER) return lines::no("the module is gone, its class is not back");
  }
  return lines::yes("FIFO and RR, %u %% of the processor beside a hog at nice -20, and back", share);
}

}  // namespace aios::scheduler
