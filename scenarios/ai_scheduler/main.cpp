// SPDX-License-Identifier: Apache-2.0
// ai_scheduler.ko, each promise by use. As an actor (actors.h) this same program is what the module has to judge.
#include "scenarios/ai_scheduler/actors.h"
#include "scenarios/ai_scheduler/checks.h"
#include "scenarios/lines.h"

int main(int count, char** words) {
  using namespace aios;
  if (scheduler::act_if_told(count, words)) return 3;
  static constexpr int kLong = 60'000;
  static constexpr lines::Line kLines[] = {
      {"proc_state", scheduler::proc_state, false, kLong},
      {"own_pid_namespace", scheduler::own_pid_namespace, false, kLong},
      {"finds_inference", scheduler::finds_inference, false, kLong},
      {"leaves_others_alone", scheduler::leaves_others_alone, false, kLong},
      {"follows_gpu_state", scheduler::follows_gpu_state, false, kLong},
      {"raises_priority", scheduler::raises_priority, false, kLong},
      {"puts_priority_back", scheduler::puts_priority_back, false, kLong},
      {"real_time_class", scheduler::real_time_class, false, kLong},
      {"refuses_bad_input", scheduler::refuses_bad_input, false, kLong},
  };
  return lines::run_lines("ai_scheduler", kLines, count, words);
}
