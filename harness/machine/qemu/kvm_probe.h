// SPDX-License-Identifier: Apache-2.0
// KVM is believed only after it has booted something: /dev/kvm can open, create a machine and still take minutes over a
// kernel's first moments (nested hosts), or refuse a processor model. The probe boots a tiny guest with a short
// deadline, once a host, kernel and QEMU, and remembers.
#pragma once

#include <filesystem>
#include <string>

#include "harness/machine/machine.h"
#include "harness/support/result.h"

namespace aios::qemu {

struct KvmVerdict {
  bool works = false;
  std::string cpu_model;  // the best of the models that booted: "host", or a named one
  std::string reason;     // why not; or how long the probe's guest took
  bool remembered = false;
};

struct KvmProbeOptions {
  std::filesystem::path device = "/dev/kvm";
  std::filesystem::path cache_file;             // where verdicts are kept; empty: nothing is remembered
  Duration deadline = std::chrono::seconds(4);  // for one model
};

// An error only where the probe itself could not be made; a KVM that does not work is a verdict.
Result<KvmVerdict> probe_kvm(const MachineEnvironment& environment, const KvmProbeOptions& options);

// What a verdict holds for: kernel release and boot, QEMU's binary, the device.
std::string kvm_identity(const std::filesystem::path& device);

}  // namespace aios::qemu
