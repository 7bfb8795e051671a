// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/check.h"

#include <fmt/format.h>

#include "harness/machine/qemu/kvm_probe.h"
#include "harness/support/files.h"

namespace aios::qemu {

MachineFindings check(const MachineSpec& spec, const MachineEnvironment& environment) {
  if (find_program("qemu-system-x86_64").empty()) {
    return {{Health::missing, "QEMU is not installed", "apt-get install qemu-system-x86"}};
  }
  if (spec.accelerator != "kvm") return {};
  KvmProbeOptions options;
  if (!environment.cache_folder.empty()) {
    (void)make_folders(environment.cache_folder).ok();  // without it the probe is made again, and that is all
    options.cache_file = environment.cache_folder / "kvm-probe.json";
  }
  const auto verdict = probe_kvm(environment, options);
  if (!verdict.ok()) return {{Health::limited, verdict.error().describe(), {}}};
  if (verdict->works) return {{Health::good, fmt::format("{} ({})", verdict->cpu_model, verdict->reason), {}}};
  return {{Health::limited, verdict->reason,
           "run on a host whose KVM boots a guest; until then timed figures are bounded (qemu-tcg)"}};
}

}  // namespace aios::qemu
