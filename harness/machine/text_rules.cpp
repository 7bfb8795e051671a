// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/text_rules.h"

#include <array>

namespace aios {
namespace {

struct Rule {
  std::string_view text;
  bool at_start;
  LineMeaning meaning;
};

constexpr std::array kRules = {
    Rule{"SeaBIOS (version", true, LineMeaning::firmware},
    Rule{"Machine UUID", true, LineMeaning::firmware},
    Rule{"iPXE (http", true, LineMeaning::firmware},
    Rule{"Booting from ", true, LineMeaning::firmware},
    Rule{"Press F12 for boot menu", true, LineMeaning::firmware},
    Rule{"Press ESC for boot menu", true, LineMeaning::firmware},
    Rule{"GRUB loading", true, LineMeaning::firmware},
    Rule{"Welcome to GRUB!", true, LineMeaning::firmware},
    Rule{"GNU GRUB", false, LineMeaning::firmware},
    Rule{"  Booting `", true, LineMeaning::firmware},
    Rule{"Booting `", true, LineMeaning::firmware},
    Rule{"Loading kernel", true, LineMeaning::firmware},
    Rule{"Press any key to continue", true, LineMeaning::firmware},
    Rule{"BdsDxe: loading", true, LineMeaning::firmware},
    Rule{"BdsDxe: starting", true, LineMeaning::firmware},
    // GRUB says this and goes on in text mode.
    Rule{"error: no suitable video mode found", true, LineMeaning::firmware},

    Rule{"No bootable device.", true, LineMeaning::loader_refusal},
    Rule{"Boot failed: ", true, LineMeaning::loader_refusal},
    Rule{"error: ", true, LineMeaning::loader_refusal},
    Rule{"grub rescue>", true, LineMeaning::loader_refusal},
    Rule{"BdsDxe: failed to", true, LineMeaning::loader_refusal},
    Rule{"BdsDxe: No bootable option", true, LineMeaning::loader_refusal},
    Rule{"Could not find kernel image", true, LineMeaning::loader_refusal},
    Rule{"Missing operating system", false, LineMeaning::loader_refusal},
    Rule{"Operating system not found", false, LineMeaning::loader_refusal},

    Rule{"This kernel requires an x86-64 CPU", false, LineMeaning::wrong_cpu},
    Rule{"please use a kernel appropriate for your CPU", false, LineMeaning::wrong_cpu},
    Rule{"following features not present on the CPU", false, LineMeaning::wrong_cpu},
    Rule{"CPU does not support long mode", false, LineMeaning::wrong_cpu},
};

constexpr std::array kLinuxRules = {
    Rule{"Kernel panic - not syncing", false, LineMeaning::panic},
    Rule{"Oops: ", false, LineMeaning::oops},
    Rule{"BUG: kernel NULL pointer dereference", false, LineMeaning::oops},
    Rule{"BUG: unable to handle", false, LineMeaning::oops},
    Rule{"BUG: KASAN: ", false, LineMeaning::oops},
    Rule{"BUG: scheduling while atomic", false, LineMeaning::oops},
    Rule{"kernel BUG at ", false, LineMeaning::oops},
    Rule{"general protection fault", false, LineMeaning::oops},
    Rule{"watchdog: BUG: soft lockup", false, LineMeaning::oops},
    Rule{"self-detected stall on CPU", false, LineMeaning::oops},
    Rule{"Unable to handle kernel", false, LineMeaning::oops},
    Rule{"WARNING: CPU: ", false, LineMeaning::warning},
    Rule{"UBSAN: ", false, LineMeaning::warning},
};

constexpr std::string_view kBooting = "Booting from ";

// A program's fault is logged in the same words with its name in front ("traps: init[1] general protection fault").
constexpr std::string_view kUserFault = "traps: ";

template <std::size_t N>
LineMeaning match(std::string_view line, const std::array<Rule, N>& rules) {
  for (const Rule& rule : rules) {
    if (rule.at_start ? line.starts_with(rule.text) : line.find(rule.text) != std::string_view::npos) {
      return rule.meaning;
    }
    // A screen can be looked at while firmware or loader still writes the line.
    if (rule.at_start && rule.text.starts_with(line)) return LineMeaning::firmware;
  }
  return LineMeaning::plain;
}

struct Refusal {
  std::string_view words, hint;
};

constexpr std::array kRefusals = {
    Refusal{
        "without PVH ELF Note",
        "QEMU's -kernel starts an ELF only with a PVH note or a Multiboot 1 header; boot it from a GRUB ISO instead"},
    Refusal{"give a 32bit one",
            "QEMU's Multiboot loader takes 32-bit ELF only; boot it from a GRUB ISO, or convert it (objcopy -O "
            "elf32-i386)"},
    Refusal{"multiboot", "QEMU's Multiboot loader does not like the header of this image"},
    Refusal{"could not load kernel", "the file is not a kernel that QEMU knows; is it whole?"},
    Refusal{"invalid kernel header", "the file is not a whole bzImage"},
    Refusal{"initrd is too large", "give the machine more memory, or the kernel a smaller initrd"},
    Refusal{"unable to find CPU model", "the machine names a processor model that this QEMU has not"},
    Refusal{"doesn't support requested feature", "the processor model asks for features that this accelerator has not"},
    Refusal{"failed to set MSR", "KVM refuses a register of this processor model; another cpu_model may work"},
};

}  // namespace

LineMeaning meaning_of(std::string_view line, bool linux_rules) {
  if (linux_rules && line.find(kUserFault) == std::string_view::npos) {
    if (const auto meaning = match(line, kLinuxRules); meaning != LineMeaning::plain) return meaning;
  }
  const auto meaning = match(line, kRules);
  // "Booting from ROM..Hello": a kernel that goes on where the firmware's cursor stood.
  if (meaning == LineMeaning::firmware && line.starts_with(kBooting)) {
    const auto dots = line.find_last_of('.');
    if (dots == std::string_view::npos || dots + 1 < line.size()) return LineMeaning::plain;
  }
  return meaning;
}

std::string_view refusal_hint(std::string_view emulator_words) {
  for (const auto& refusal : kRefusals) {
    if (emulator_words.find(refusal.words) != std::string_view::npos) return refusal.hint;
  }
  return {};
}

}  // namespace aios
