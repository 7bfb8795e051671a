// SPDX-License-Identifier: Apache-2.0
// QEMU's command line as a pure function of the spec: no file is looked at and nothing of the host gets in, so that
// golden tests hold it still and two equal specs are two equal machines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/machine/boot_spec.h"
#include "harness/support/result.h"

namespace aios::qemu {

// Descriptors as QEMU sees them. Inherited, not named: nothing lies in the file system for them, and they go with us.
inline constexpr int kConsoleFd = 20;  // a pipe's end for writing, or a socket when the console takes input
inline constexpr int kControlFd = 21;  // QMP
inline constexpr int kScreenFd = 22;   // a memory file that the screen is saved to
inline constexpr int kHoldFd = 23;     // the holding plugin's wire
inline constexpr int kResumeFd = 24;   // the file of a saved guest

// Where the distribution has its firmware; from outside, so that a test need not have it.
struct FirmwarePaths {
  std::string qboot = "qboot.rom";  // QEMU finds its own by name
  std::string ovmf = "/usr/share/ovmf/OVMF.fd";
};

Result<std::vector<std::string>> command_line(const BootSpec& spec, const FirmwarePaths& firmware = {});

// Exact needs: TCG with icount, one processor, nothing that completes on the host's time. Each thing in the way.
std::vector<std::string> not_exact_because(const BootSpec& spec);
Fidelity fidelity_of(const BootSpec& spec);

// The names in what `info qtree` prints, sorted, each once.
std::vector<std::string> device_names(std::string_view tree);
// The same question put to a running machine: its own list of devices.
std::vector<std::string> devices_on_host_time(const std::vector<std::string>& devices);

// Whether what QEMU said before it left is about the image, and not about itself.
bool refuses_image(std::string_view words);

}  // namespace aios::qemu
