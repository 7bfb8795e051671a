// SPDX-License-Identifier: Apache-2.0
#include "scenarios/ai_scheduler/actors.h"
#include "scenarios/ai_scheduler/checks.h"
#include "scenarios/ai_scheduler/scheduler.h"

namespace aios::scheduler {
namespace {

constexpr long kFoundWithin = 4000, kWatchedFor = 1500;

// Found, by this evidence and no more; or what was seen instead.
bool is_found(const Actor& actor, unsigned evidence, ai_sched_info& info) {
  return within_ms(kFoundWithin, [&] { return info_of(actor.pid, info) && info.found == 1; }) &&
         info.evidence == evidence;
}

}  // namespace

lines::Outcome finds_inference() {
  struct Case {
    const char* name;
    Act act;
    unsigned evidence;
  };
  static constexpr Case kCases[] = {{"sh", Act::model, AI_SCHED_MODEL_MAPPED},
                                    {"postgres", Act::large_file, AI_SCHED_MODEL_MAPPED},
                                    {"make", Act::gpu, AI_SCHED_GPU_NODE},
                                    {"llama-server", Act::model, AI_SCHED_MODEL_MAPPED}};
  lines::Outcome problem;
  if (!load("gpu_devices=1:5", problem)) return problem;
  ai_sched_info info{};
  for (const Case& one : kCases) {
    Actor actor(one.name, one.act);
    if (!actor.alive()) return lines::refused(one.name);
    if (!is_found(actor, one.evidence, info)) {
      return lines::no("'%s' (act %d): found %u, evidence %u, wanted %u", one.name, static_cast<int>(one.act),
                       info.found, info.evidence, one.evidence);
    }
    if (!runs_as(actor.pid, one.name)) return lines::no("the actor does not run as '%s'", one.name);
  }
  Actor registered("tail", Act::sleep);
  if (register_task(registered.pid, AI_SCHED_ON_CPU) != 0) return lines::no("a process cannot be registered");
  if (!is_found(registered, AI_SCHED_REGISTERED, info)) return lines::no("a registered process is not found");
  // Beside eight that compute it gets a ninth of the processor, and is found all the same.
  Actor hogs[8] = {{"hog", Act::compute}, {"hog", Act::compute}, {"hog", Act::compute}, {"hog", Act::compute},
                   {"hog", Act::compute}, {"hog", Act::compute}, {"hog", Act::compute}, {"hog", Act::compute}};
  Actor starved("cron", Act::model);
  if (!is_found(starved, AI_SCHED_MODEL_MAPPED, info)) return lines::no("beside eight hogs it is not found");
  return lines::yes("by model, large file, GPU node and registration, under five names, and beside 8 hogs");
}

lines::Outcome leaves_others_alone() {
  lines::Outcome problem;
  if (!load("gpu_devices=1:7", problem)) return problem;
  struct Case {
    const char* name;
    Act act;
  };
  static constexpr Case kCases[] = {{"llama", Act::compute},        {"ai-tail", Act::sleep},
                                    {"inference", Act::idle_model}, {"gpt-sum", Act::read_once},
                                    {"torch", Act::memory},         {"nvidia-ai", Act::gpu}};
  constexpr int kCount = sizeof kCases / sizeof kCases[0];
  Actor actors[kCount] = {{kCases[0].name, kCases[0].act}, {kCases[1].name, kCases[1].act},
                          {kCases[2].name, kCases[2].act}, {kCases[3].name, kCases[3].act},
                          {kCases[4].name, kCases[4].act}, {kCases[5].name, kCases[5].act}};
  ai_sched_stats before{}, after{};
  statistics(before);
  for (long spent = 0; spent < kWatchedFor; spent += 50) {
    for (int i = 0; i < kCount; ++i) {
      ai_sched_info info{};
      if (!info_of(actors[i].pid, info)) return lines::no("'%s' cannot be asked for", kCases[i].name);
      if (info.found != 0) {
        return lines::no("'%s' (act %d) is taken for inference: evidence %u", kCases[i].name,
                         static_cast<int>(kCases[i].act), info.evidence);
      }
      if (nice_of(actors[i].pid) != 0) return lines::no("'%s' was raised", kCases[i].name);
    }
    pause_ms(50);
  }
  statistics(after);
  if (after.scans < before.scans + 10) return lines::no("it hardly looked: %llu scans", after.scans - before.scans);
  if (after.found != 0) return lines::no("%llu were taken for inference at some time", after.found);
  return lines::yes("six with such names, of which four compute, in %llu looks", after.scans - before.scans);
}

}  // namespace aios::scheduler
