// SPDX-License-Identifier: Apache-2.0
// An interactive console in a booted guest. Not a measurement: a person's keys arrive on the host's time.
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "harness/cli/commands.h"
#include "harness/cli/machine_list.h"
#include "harness/cli/subject_flags.h"
#include "harness/image/guest_image.h"
#include "harness/machine/image_kind.h"
#include "harness/machine/machines.h"
#include "harness/machine/watch.h"
#include "harness/store/store.h"

namespace aios {
namespace {

struct ShellFlags {
  std::string subject, machine = "qemu-tcg";
  SubjectFlags subject_flags;
  double hours = 12;
};

// The terminal hands every key on, and is put back whatever happens.
class RawTerminal {
 public:
  RawTerminal() {
    if (isatty(STDIN_FILENO) == 0 || tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios raw = before_;
    cfmakeraw(&raw);
    raw.c_oflag |= OPOST;
    active_ = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  }
  ~RawTerminal() {
    if (active_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  bool active() const { return active_; }

 private:
  termios before_{};
  bool active_ = false;
};

Result<BootSpec> make_spec(const Context& context, const ShellFlags& flags, const Store& store,
                           const fs::path& scratch) {
  BootSpec spec;
  spec.machine = TRY(find_machine(TRY(machine_list(context)), flags.machine));
  const Subject subject = TRY(resolve_subject(context, flags.subject, flags.subject_flags));
  const auto nothing_to_boot = [&] {
    return config_error(fmt::format("'{}' on '{}': there is nothing to boot", subject.name(), spec.machine.name), {},
                        "a kernel that runs already has its own shell");
  };
  if (!spec.machine.abilities.contains("boot")) return nothing_to_boot();
  const BuiltKernel built = TRY(build_subject(context, store.cache(), subject, {}));
  if (built.image.empty()) return nothing_to_boot();
  spec.label = subject.name();
  spec.interactive = true;
  spec.command_line = built.command_line;
  spec.command_line.insert(spec.command_line.end(), subject.append.begin(), subject.append.end());
  if (!built.linux_kernel || subject.is_image()) {
    const ImageInfo info = TRY(inspect_image(built.image));
    TRY(load_as(info, built.image, spec));
    return spec;
  }
  spec.image = built.vmlinux.empty() ? built.image : built.vmlinux;
  const GuestBase base = TRY(make_guest_base(
      {.init = context.paths.guest / "init",
       .programs = {context.paths.guest / "bin" / "operations", context.paths.guest / "bin" / "checklist"},
       .modules_root = built.modules,
       .modules = built.load_modules,
       .shell = find_static_busybox()}));
  Orders orders;
  orders.mode = Mode::timed;
  orders.console_level = 4;
  orders.modules = base.module_orders();
  for (const auto& [key, value] : subject.sysctls) orders.sysctls.push_back(fmt::format("{}={}", key, value));
  orders.shell = true;
  spec.initrd = TRY(write_guest_image(base, orders, scratch / "initrd")).path;
  return spec;
}

Result<int> shell(Context& context, const ShellFlags& flags) {
  const Store store = TRY(Store::open(context.paths.store));
  const ScratchFolder scratch = TRY(ScratchFolder::create());
  const BootSpec spec = TRY(make_spec(context, flags, store, scratch.path()));
  const MachineEnvironment environment{&context.clock, &context.cancel, store.cache()};
  const auto machine = TRY(make_machine(spec.machine, environment));
  context.progress.phase(
      fmt::format("booting {} on {}; `exit` or Ctrl-D ends the guest", spec.label, spec.machine.name));

  WatchPlan plan;
  plan.wanted = WantedEnd::power_off;
  adapt_plan(spec.machine, plan);
  const auto patience = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(flags.hours * 3600));
  plan.deadline = plan.stall = plan.silence = patience;
  plan.bounds.bytes = 1ULL << 40;
  plan.bounds.lines = 1ULL << 40;
  WatchHooks hooks;
  hooks.on_bytes = [&](std::string_view bytes) {
    context.print(bytes);
    std::fflush(context.out);
  };
  hooks.input_fd = STDIN_FILENO;
  const BootEvidence evidence = TRY([&]() -> Result<BootEvidence> {
    const RawTerminal raw;
    return watch_boot(*machine, spec, plan, hooks, scratch.path(), environment);
  }());
  context.progress.note(fmt::format("the guest ended: {}", to_string(evidence.state)));
  TRY(context.cancel.check());
  return evidence.state == EndState::power_off || evidence.state == EndState::reset ? kExitMet : kExitRegression;
}

}  // namespace

CommandSpec shell_command() {
  return {"shell", "Open an interactive console in a booted guest",
          "  aios-bench shell aios\n  aios-bench shell debian --machine qemu-kvm --append loglevel=7",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<ShellFlags>();
            set.add("SUBJECT", flags->subject, "A kernel or an image file", {.required = true});
            set.add("--machine", flags->machine, "Where it runs (aios-bench list machines)", {.show_default = true});
            set.add("--hours", flags->hours, "The guest is ended after so long", {.show_default = true});
            add_subject_flags(set, flags->subject_flags);
            return [flags](Context& context) { return shell(context, *flags); };
          }};
}

}  // namespace aios
