// SPDX-License-Identifier: Apache-2.0
// Is the candidate no worse than the baseline? Measures what is not stored, judges by a policy, says it in every way
// that a CI system reads.
#include "harness/cli/commands.h"
#include "harness/cli/gate_run.h"
#include "harness/cli/text_style.h"
#include "harness/manifest/gate_policy_manifest.h"
#include "reports/gate.h"

namespace aios {
namespace {

Result<int> show_gate(const Context& context, const GateReport& report, const GateFlags& flags) {
  context.print(flags.json ? gate_to_json(report, 2) + "\n" : render_gate(report, text_style(context)));
  TRY(write_gate_outputs(context, report, flags));
  return report.exit_code;
}

Result<int> gate(Context& context, const GateFlags& flags) {
  if (flags.show_policy) {
    context.print(default_gate_policy_text());
    return kExitMet;
  }
  if (flags.first == "accept") return accept_change(context, flags);
  if (flags.first.empty() || flags.second.empty()) {
    return config_error("a gate wants a baseline and a candidate", {}, "aios-bench gate last-good:main aios");
  }
  Store store = TRY(Store::open(context.paths.store));
  const auto report = TRY(run_gate(context, store, flags));
  return report ? show_gate(context, *report, flags) : kExitMet;
}

}  // namespace

CommandSpec gate_command() {
  return {"gate", "Is the candidate no worse than the baseline? Measures, judges by a policy, says what it could see",
          "  aios-bench gate last-good:main aios --label main\n  aios-bench gate aios@v1.2 aios@my-branch --budget 10m "
          "--markdown verdict.md\n  aios-bench gate aios aios+ai_scheduler --scenario syscall,boot --policy "
          "gate.toml\n  aios-bench gate accept latest --metric syscall.null --reason 'the check that issue 12 asks "
          "for'",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<GateFlags>();
            add_gate_flags(set, *flags);
            return [flags](Context& context) { return gate(context, *flags); };
          }};
}

}  // namespace aios
