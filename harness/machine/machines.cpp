// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/machines.h"

#include <fmt/format.h>

#include <array>

#include "harness/machine/board/board_machine.h"
#include "harness/machine/host/check.h"
#include "harness/machine/host/host_machine.h"
#include "harness/machine/libvirt/libvirt_machine.h"
#include "harness/machine/qemu/check.h"
#include "harness/machine/qemu/qemu_machine.h"
#include "harness/support/text.h"

namespace aios {
namespace {

// Pinned and named, so that two hosts and two QEMUs give the same processor. A Zen: what most processors sold since
// 2018 have in common (AVX2, no Meltdown and so no page-table isolation, no LA57), which `max` has not. Every feature
// that TCG cannot do is taken off by name, rdrand and rdseed because they read the host's randomness; `enforce` makes
// a QEMU that would quietly give another processor refuse instead.
constexpr const char* kTcgProcessor =
    "EPYC-v1,-rdrand,-rdseed,-sha-ni,-fxsr-opt,-misalignsse,-3dnowprefetch,-osvw,-topoext,-nrip-save,-xsavec,enforce";

// Emulation is some ten to thirty times slower than the hardware that deadlines are written for; on a loaded host more.
constexpr double kEmulationScale = 4;

MachineSpec machine(std::string name, std::string accelerator, std::string board, Fidelity fidelity,
                    std::set<std::string> abilities, std::string description) {
  MachineSpec spec;
  spec.name = std::move(name);
  spec.backend = "qemu";
  spec.description = std::move(description);
  spec.fidelity = fidelity;
  spec.abilities = std::move(abilities);
  spec.abilities.insert("boot");
  spec.accelerator = std::move(accelerator);
  spec.board = std::move(board);
  spec.cpu_model = kTcgProcessor;
  spec.deadline_scale = kEmulationScale;
  return spec;
}

std::vector<MachineSpec> make_list() {
  std::vector<MachineSpec> list;
  list.push_back(
      machine("qemu-exact", "tcg-icount", "q35", Fidelity::exact,
              {"exact", "counts", "snapshot", "guest_program", "disk", "pci", "vga", "console", "cdrom", "floppy",
               "firmware", "efi"},
              "QEMU's emulator with an instruction clock, q35: the same to the last instruction on any host"));
  list.push_back(machine("qemu-microvm", "tcg-icount", "microvm", Fidelity::exact,
                         {"exact", "counts", "snapshot", "guest_program", "disk", "console"},
                         "the same on a microvm: no PCI, no ACPI, fewer instructions to boot"));
  list.push_back(machine("qemu-tcg", "tcg", "q35", Fidelity::bounded,
                         {"guest_program", "disk", "pci", "vga", "console", "cdrom", "floppy", "firmware", "efi"},
                         "QEMU's emulator on the host's clock: times are upper bounds"));
  MachineSpec kvm =
      machine("qemu-kvm", "kvm", "q35", Fidelity::timed,
              {"guest_program", "disk", "pci", "vga", "console", "cdrom", "floppy", "firmware", "efi", "timed"},
              "QEMU with KVM: real cycles and real time");
  kvm.cpu_model = "host";
  kvm.deadline_scale = 1;
  list.push_back(std::move(kvm));
  list.push_back(host::machine_spec());
  for (MachineSpec& of_libvirt : libvirt::machine_specs(list[2], list[0])) list.push_back(std::move(of_libvirt));
  return list;
}

std::unique_ptr<Machine> make_qemu(const MachineEnvironment& environment) {
  return std::make_unique<qemu::QemuMachine>(environment);
}

std::unique_ptr<Machine> make_host(const MachineEnvironment& environment) {
  return std::make_unique<host::HostMachine>(environment);
}

constexpr std::array kBackEnds{BackEnd{"qemu", make_qemu, qemu::check}, BackEnd{"host", make_host, host::check},
                               BackEnd{"libvirt", libvirt::make, libvirt::check},
                               BackEnd{"board", board::make, board::check}};

}  // namespace

const std::vector<MachineSpec>& built_in_machines() {
  static const std::vector<MachineSpec> list = make_list();
  return list;
}

Result<MachineSpec> find_machine(std::span<const MachineSpec> machines, std::string_view name) {
  std::vector<std::string> known;
  for (const auto& machine : machines) {
    if (machine.name == name) return machine;
    known.push_back(machine.name);
  }
  return config_error(fmt::format("there is no machine '{}'{}", name, did_you_mean(name, known)), {},
                      fmt::format("known are: {}", join(known, ", ")));
}

std::vector<std::string> machine_kernel_words(const MachineSpec& machine) {
  std::vector<std::string> words{"console=ttyS0"};
  if (machine.board == "microvm")
    words.insert(words.end(), {"reboot=t", "panic=-1"});
  else
    words.push_back("panic=-1");
  if (machine.accelerator != "tcg-icount") return words;
  // No randomness but the seed; and no waiting that costs more on an emulator than it is worth: calibrating the local
  // APIC's timer is 16 million turns of a loop with `pause`, each of which leaves the emulator's fast path (3 s of 6).
  words.insert(words.end(), {"nokaslr", "norandmaps", "randomize_kstack_offset=off", "random.trust_cpu=off",
                             "no_timer_check", "tsc=reliable", "nolapic_timer"});
  return words;
}

void adapt_plan(const MachineSpec& machine, WatchPlan& plan) {
  plan.scale = machine.deadline_scale;
  plan.reset_is_off = machine.board == "microvm";
}

std::span<const BackEnd> back_ends() { return kBackEnds; }

namespace {

Result<const BackEnd*> back_end_of(const MachineSpec& spec) {
  std::vector<std::string> known;
  for (const auto& back_end : back_ends()) {
    if (back_end.name == spec.backend) return &back_end;
    known.emplace_back(back_end.name);
  }
  return config_error(fmt::format("machine '{}' names the back end '{}', which is not there{}", spec.name, spec.backend,
                                  did_you_mean(spec.backend, known)),
                      spec.defined_in, fmt::format("known are: {}", join(known, ", ")));
}

}  // namespace

MachineFindings check_machine(const MachineSpec& spec, const MachineEnvironment& environment) {
  const auto back_end = back_end_of(spec);
  if (back_end.ok()) return (*back_end)->check(spec, environment);
  return {{Health::missing, back_end.error().what, back_end.error().hint}};
}

Result<std::unique_ptr<Machine>> make_machine(const MachineSpec& spec, const MachineEnvironment& environment) {
  return TRY(back_end_of(spec))->make(environment);
}

}  // namespace aios
