// SPDX-License-Identifier: Apache-2.0
// Everything that executing a plan takes from outside: where runs are stored, who makes machines and initramfs images,
// time, Ctrl-C, and who wants to hear of it. Tests put in scripted machines and a clock that stands still.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "harness/image/initramfs.h"
#include "harness/machine/machine.h"
#include "harness/run/plan.h"
#include "harness/run/saved_guests.h"
#include "harness/store/store.h"
#include "harness/support/progress.h"

namespace aios {

struct RunEnv {
  Store* store = nullptr;
  const Clock* clock = nullptr;
  const CancelToken* cancel = nullptr;
  Progress* progress = nullptr;

  // As harness/machine/machines.h has it.
  std::function<Result<std::unique_ptr<Machine>>(const MachineSpec&, const MachineEnvironment&)> make_machine;
  // The initramfs of one boot; empty: made from the programs in `guest`.
  std::function<Result<ImageFile>(const Plan&, const PlannedBoot&, const fs::path& out)> make_initramfs;
  fs::path guest;   // init and bin/ for the guest
  fs::path plugin;  // the counting plugin; empty on machines that do not count
  // Also note where the instructions were executed (exact mode); the figures stay the same. Of programs in `guest` the
  // symbols are in guest/symbols.
  bool profile = false;

  // Booted guests to go on from, and the plugin that holds one where it is saved; without them every boot is cold.
  std::shared_ptr<SavedGuests> guests;
  fs::path hold;

  // Does a kernel known to be good boot on this machine? Asked once, when a kernel never says anything: ok makes that
  // the kernel's fault. Empty: nobody knows, and silence stays a fault of the lab.
  std::function<Status()> known_good;
  // After a boot and its samples are on disk, never before.
  std::function<void(const BootRecord&, const std::vector<Sample>&)> on_boot;

  int jobs = 1;              // boots side by side, in exact mode only: there the load of the host changes no figure
  int retries = 2;           // of a boot that failed for the lab's reasons
  std::string command_line;  // as typed
  std::string harness_version;
};

}  // namespace aios
