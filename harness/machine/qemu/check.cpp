// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/check.h"

#include <fmt/format.h>

#include "harness/machine/qemu/kvm_probe.h"
#include "harness/passthrough/discover.h"
#include "harness/passthrough/obstacles.h"
#include "harness/support/files.h"

namespace aios::qemu {

namespace {

void check_passed_devices(const MachineSpec& spec, MachineFindings& findings) {
  if (spec.pass_through.empty()) return;
  const auto host = passthrough::discover(passthrough::SysfsTree(), nullptr);
  for (const auto& address : spec.pass_through) {
    const auto* device = host.find(address);
    if (device == nullptr) {
      findings.push_back({Health::missing, fmt::format("there is no PCI device {}", address), "aios-bench gpus"});
      continue;
    }
    for (const auto& obstacle : obstacles(host, *device, spec.pass_through)) {
      findings.push_back({obstacle.blocks ? Health::missing : Health::limited,
                          fmt::format("{}: {}", address, obstacle.what), obstacle.command});
    }
  }
}

}  // namespace

MachineFindings check(const MachineSpec& spec, const MachineEnvironment& environment) {
  if (find_program("qemu-system-x86_64").empty()) {
    return {{Health::missing, "QEMU is not installed", "apt-get install qemu-system-x86"}};
  }
  MachineFindings findings;
  check_passed_devices(spec, findings);
  if (spec.accelerator != "kvm") return findings;
  KvmProbeOptions options;
  if (!environment.cache_folder.empty()) {
    (void)make_folders(environment.cache_folder).ok();  // without it the probe is made again, and that is all
    options.cache_file = environment.cache_folder / "kvm-probe.json";
  }
  const auto verdict = probe_kvm(environment, options);
  if (!verdict.ok()) {
    findings.push_back({Health::limited, verdict.error().describe(), {}});
  } else if (verdict->works) {
    findings.push_back({Health::good, fmt::format("{} ({})", verdict->cpu_model, verdict->reason), {}});
  } else {
    findings.push_back({Health::limited, verdict->reason,
                        "run on a host whose KVM boots a guest; until then timed figures are bounded (qemu-tcg)"});
  }
  return findings;
}

}  // namespace aios::qemu
