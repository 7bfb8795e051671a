// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/run_flags.h"

#include "harness/support/text.h"

namespace aios {

void add_run_flags(FlagSet& set, RunFlags& flags) {
  set.add("--scenario", flags.scenarios, "Scenarios by name, core or all, separated by commas (default: core)",
          {.value = "A,B"});
  set.add("--machine", flags.machine, "Where it runs (aios-bench list machines; default: by mode)", {.value = "M"});
  set.add("--mode", flags.mode, "exact: counted, reproducible to the instruction; timed: real time",
          {.choices = {"exact", "timed", "auto"}, .show_default = true});
  set.add("--perturb", flags.perturb, "So many null changes besides the boot as it is (exact mode's population)",
          {.value = "N"});
  set.add("--boots", flags.boots, "Boots of each scenario (default: 1 in exact mode, 5 in timed mode)", {.value = "N"});
  set.add("--timeout", flags.timeout, "Seconds that one boot may take (default: what the scenarios say)",
          {.value = "T"});
  set.add("--label", flags.label, "A name for the run", {.value = "L"});
  set.add("--cold", flags.cold, "Boot each scenario anew, never go on from a saved guest");
  add_subject_flags(set, flags.subject);
}

bool RunFlags::given() const {
  return !scenarios.empty() || !machine.empty() || mode != "auto" || perturb > 0 || boots > 0 || timeout > 0 || cold ||
         !label.empty() || !subject.append.empty() || !subject.sysctls.empty() || !subject.configs.empty();
}

Result<RunRequest> make_request(const Context& context, const std::string& subject, const RunFlags& flags) {
  RunRequest request;
  request.subject = TRY(resolve_subject(context, subject, flags.subject));
  for (const auto& words : flags.scenarios) {
    for (const auto& name : split(words, ',')) {
      const std::string_view trimmed = trim(name);
      if (!trimmed.empty()) request.scenarios.emplace_back(trimmed);
    }
  }
  request.machine = flags.machine;
  request.mode = TRY(parse_mode(flags.mode));
  request.perturb = flags.perturb;
  request.boots = flags.boots;
  request.timeout_seconds = flags.timeout;
  request.label = flags.label;
  request.cold = flags.cold;
  return request;
}

}  // namespace aios
