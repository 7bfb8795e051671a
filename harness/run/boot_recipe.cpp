// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_recipe.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/image/disk.h"
#include "harness/machine/image_kind.h"
#include "harness/machine/machines.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// On hardware; each machine stretches them by its own scale.
constexpr double kBootSeconds = 30;
constexpr double kBlackBoxSeconds = 15;
constexpr double kLeastStallSeconds = 3;  // real ones
constexpr double kRestSeconds = 2;        // a black box without markers is taken to be at rest after so much quiet

Duration span(double seconds) { return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds)); }

std::vector<std::string> changed_by(const Plan& plan, const PlannedBoot& boot) {
  return plan.perturbations[static_cast<std::size_t>(boot.perturbation)].append;
}

// What aios-init is told in a file, such a kernel is told in words.
void add_orders(const Plan& plan, const PlannedBoot& boot, BootSpec& spec) {
  spec.command_line.push_back("aios.mode=" + plan.mode);
  spec.command_line.push_back("aios.run=" + boot.scenario);
}

// What aios-init is told in its orders, the machine that runs here is told as a value.
ProgramSpec program_of(const Plan& plan, const PlannedBoot& boot, const fs::path& program, const fs::path& scratch) {
  ProgramSpec out{.scenario = boot.scenario, .path = program, .arguments = {}, .folder = scratch / "work"};
  if (const Scenario* scenario = plan.scenario(boot.scenario); scenario != nullptr) {
    out.arguments = program_arguments(*scenario, plan.exact());
    const bool writes = scenario->program == "operations" || scenario->program == "inference";
    if (writes) out.arguments.insert(out.arguments.end(), {"--folder", out.folder.string()});
  }
  return out;
}

Status load_black_box(const BuiltKernel& kernel, const fs::path& scratch, const CancelToken* cancel, BootSpec& spec) {
  const ImageInfo info = TRY(inspect_image(kernel.image));
  if (!info.needs_grub) return load_as(info, kernel.image, spec);
  GrubIso iso;
  iso.protocol = info.kind == ImageKind::multiboot2 ? GrubIso::Protocol::multiboot2 : GrubIso::Protocol::multiboot;
  iso.kernel = kernel.image;
  iso.command_line = join(spec.command_line, " ");
  iso.serial_terminal = "0";
  spec.image = TRY(make_grub_iso(iso, scratch / "boot.iso", cancel)).path;
  spec.loader = Loader::cdrom;
  spec.screen = true;
  return {};
}

}  // namespace

fs::path boot_image(const Plan& plan, const BuiltKernel& kernel) {
  const bool unpacked = plan.machine.board == "microvm" && !plan.black_box && !kernel.vmlinux.empty();
  return unpacked && !plan.frames ? kernel.vmlinux : kernel.image;
}

Result<BootRecipe> boot_recipe(const Plan& plan, const PlannedBoot& boot, const BuiltKernel& kernel,
                               const fs::path& initrd, const fs::path& scratch, const CancelToken* cancel) {
  BootRecipe out;
  BootSpec& spec = out.spec;
  spec.machine = plan.machine;
  spec.label = fmt::format("{}, {}", plan.name, boot.scenario);
  const Scenario* scenario = plan.scenario(boot.scenario);
  if (scenario != nullptr && !plan.black_box) {
    spec.machine.memory_mb = std::max(spec.machine.memory_mb, static_cast<int>(scenario->memory_mb));
    spec.numa_nodes = static_cast<int>(scenario->numa_nodes);
    spec.devices = scenario->devices;
  }
  spec.machine.memory_mb += plan.perturbations[static_cast<std::size_t>(boot.perturbation)].memory_mb_added;
  spec.command_line = kernel.command_line;
  for (const std::string& word : plan.append) spec.command_line.push_back(word);
  for (const std::string& word : changed_by(plan, boot)) spec.command_line.push_back(word);

  WatchPlan& watch = out.watch;
  adapt_plan(plan.machine, watch);
  if (plan.black_box) {
    TRY(load_black_box(kernel, scratch, cancel, spec));
    watch.markers = plan.markers;
    watch.wanted = WantedEnd::stays_alive;
    // Linux's own words: an image that is a Linux is heeded too. With markers their order is the answer.
    watch.linux_crash_rules = plan.markers.empty();
    watch.deadline = span(kBlackBoxSeconds);
    watch.stall = plan.markers.empty() ? span(kRestSeconds) : watch.deadline / 2;
  } else {
    if (plan.on_running_kernel()) {
      spec.program = program_of(plan, boot, initrd, scratch);
      watch.linux_crash_rules = false;  // what it prints is no kernel's console
    } else if (plan.frames) {
      add_orders(plan, boot, spec);
      TRY(load_black_box(kernel, scratch, cancel, spec));
      spec.screen = false;
      watch.linux_crash_rules = false;
    } else {
      spec.image = boot_image(plan, kernel);
      spec.initrd = initrd;
    }
    watch.wanted = WantedEnd::finished;
    const double work = scenario == nullptr ? 0 : scenario->deadline_seconds;
    watch.deadline = span(kBootSeconds + work);
    watch.stall = std::max(watch.stall, span(work));
  }
  if (plan.timeout_seconds > 0) {
    // What a person says is real time.
    watch.deadline = span(plan.timeout_seconds / watch.scale);
    if (!plan.black_box) watch.stall = std::min(watch.stall, watch.deadline);
    // Well before the end, or a kernel that fell silent would look like a slow one.
    if (plan.black_box && !plan.markers.empty()) {
      const Duration least = span(kLeastStallSeconds / watch.scale);
      watch.stall = std::min(std::max(watch.deadline / 2, least), watch.deadline);
    }
    watch.silence = std::min(watch.silence, watch.deadline);
  }
  return out;
}

}  // namespace aios
