// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_start.h"

#include <fmt/format.h>

#include <array>

#include "harness/machine/qemu/command_line.h"
#include "harness/machine/save_guest.h"
#include "harness/run/boot_scratch.h"
#include "harness/run/guest_media.h"
#include "harness/run/saved_guests.h"
#include "harness/store/hash_cache.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

// A guest that has gone past the place where it is saved has nothing to do.
constexpr const char* kNothingToRun = "aios-orders 1\nend poweroff\n";
// A guest that hangs is waited for when it is booted cold; here only so long.
constexpr int kLessPatience = 4;

// What QEMU puts into the machine by itself. Where a distribution keeps it elsewhere, QEMU's own hash has to do.
constexpr std::array kFirmware = {"/usr/share/seabios/bios-256k.bin",     "/usr/share/seabios/bios-microvm.bin",
                                  "/usr/share/seabios/linuxboot_dma.bin", "/usr/share/qemu/qboot.rom",
                                  "/usr/share/qemu/linuxboot_dma.bin",    "/usr/share/qemu/pvh.bin",
                                  "/usr/share/qemu/kvmvapic.bin"};

BootSpec saving(BootSpec spec, const fs::path& hold) {
  for (auto& [name, text] : spec.orders) text = kNothingToRun;
  spec.plugin.reset();
  spec.resume_from.clear();
  spec.hold = hold;
  return spec;
}

// Everything that the saved guest is made of, by content. Where the files lie is no part of it.
Result<std::string> key_of(const BootSpec& recipe, const ImageFile& initramfs, const RunEnv& env) {
  BootSpec spec = saving(recipe, {});
  spec.image = "kernel";
  spec.initrd = "initramfs";
  Sha256 hash;
  const std::vector<std::string> words = TRY(qemu::command_line(spec));
  for (const std::string& word : words) hash.field(word);
  hash.field(TRY(cached_file_hash(*env.store, recipe.image)));
  hash.field(initramfs.sha256);
  hash.field(TRY(cached_file_hash(*env.store, find_program(words.front()))));
  std::error_code code;
  for (const char* file : kFirmware) {
    if (fs::exists(file, code)) hash.field(TRY(cached_file_hash(*env.store, file)));
  }
  return hash.hex().substr(0, 32);
}

Status save_now(const BootRecipe& recipe, const RunEnv& env, const fs::path& out) {
  const BootScratch scratch = TRY(BootScratch::create());
  const MachineEnvironment environment{env.clock, env.cancel};
  const std::unique_ptr<Machine> machine = TRY(env.make_machine(recipe.spec.machine, environment));
  WatchPlan watch = recipe.watch;
  watch.stall /= kLessPatience;
  return save_guest(*machine, saving(recipe.spec, env.hold), watch, scratch.path(), environment, out);
}

}  // namespace

bool may_be_restored(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel, const RunEnv& env) {
  std::error_code code;
  return plan.restore && env.guests != nullptr && !env.hold.empty() && fs::exists(env.hold, code) &&
         orders_come_later(plan, boot, kernel);
}

Result<RestoredStart> restored_start(const BootRecipe& recipe, const ImageFile& initramfs, const RunEnv& env,
                                     const std::string& name) {
  RestoredStart out;
  out.key = TRY(key_of(recipe.spec, initramfs, env));
  const SavedGuest guest = TRY(env.guests->get(out.key, [&](const fs::path& state) {
    env.progress->note(
        fmt::format("{}: a guest is booted and saved; runs go on from there (--cold: each is booted anew)", name));
    return save_now(recipe, env, state);
  }));
  if (!guest.trouble.empty()) env.progress->note(fmt::format("{}: {}; saved again", name, guest.trouble));
  out.state = guest.state;
  return out;
}

}  // namespace aios
