// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/command_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/machine/kernel_words.h"
#include "harness/machine/qemu/passed_devices.h"
#include "harness/support/text.h"

namespace aios::qemu {
namespace {

using Words = std::vector<std::string>;

// In QEMU's option texts a comma is written twice.
std::string value(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == ',' ? std::string(",,") : std::string(1, c);
  return escaped;
}

void add(Words& words, std::initializer_list<std::string> more) { words.insert(words.end(), more); }

bool has_ide(const BootSpec& spec) {
  return spec.loader == Loader::disk || spec.loader == Loader::cdrom ||
         std::any_of(spec.disks.begin(), spec.disks.end(), [](const auto& d) { return d.bus == DiskBus::ide; });
}

std::string board(const BootSpec& spec) {
  const auto& type = spec.machine.board;
  // Without the timer chips a kernel hangs at TSC calibration here; ACPI off is what makes it start fast.
  if (type == "microvm") return "microvm,acpi=off,pit=on,pic=on,rtc=on,x-option-roms=off";
  if (type != "q35") return type;
  // What no spec uses costs boot time under emulation: AHCI alone a quarter of a second of probing.
  return fmt::format("q35,sata={},smbus=off,usb=off,vmport=off", has_ide(spec) ? "on" : "off");
}

// The processors are with the last part of memory: whoever takes the first for the local one is found out. (Linux then
// calls theirs node 0.)
void memory(Words& words, const BootSpec& spec) {
  const int megabytes = spec.machine.memory_mb;
  add(words, {"-m", std::to_string(megabytes)});
  for (int node = 0; node < spec.numa_nodes && spec.numa_nodes > 1; ++node) {
    const bool last = node == spec.numa_nodes - 1;
    const int each = megabytes / spec.numa_nodes;
    const int size = last ? megabytes - each * node : each;
    const std::string processors = fmt::format(",cpus=0-{}", spec.machine.cpus - 1);
    add(words, {"-object", fmt::format("memory-backend-ram,id=memory{},size={}M", node, size), "-numa",
                fmt::format("node,nodeid={},memdev=memory{}{}", node, node, last ? processors : "")});
  }
}

void accelerator(Words& words, const BootSpec& spec) {
  const auto& machine = spec.machine;
  if (machine.accelerator == "kvm") {
    add(words, {"-accel", "kvm"});
  } else if (machine.accelerator == "tcg") {
    add(words, {"-accel", "tcg,thread=multi"});
  } else {
    // One instruction is one nanosecond of the guest's time, and idling is skipped; its clock starts at a fixed date.
    add(words, {"-accel", "tcg", "-icount", "shift=0,sleep=off", "-rtc", "base=2020-01-01,clock=vm"});
  }
  add(words, {"-cpu", machine.cpu_model, "-smp", std::to_string(machine.cpus)});
  memory(words, spec);
  // Otherwise QEMU hands the kernel a new random seed every time.
  add(words, {"-seed", std::to_string(spec.seed)});
}

void wires(Words& words, const BootSpec& spec) {
  if (spec.interactive) {
    add(words, {"-chardev", fmt::format("socket,id=console,fd={}", kConsoleFd)});
  } else {
    // A pipe takes single bytes without a buffer each (a unix socket is full after some 300 of them, and a serial
    // port that has to wait is something a guest can see).
    add(words, {"-chardev", fmt::format("file,id=console,path=/proc/self/fd/{}", kConsoleFd)});
  }
  add(words, {"-serial", "chardev:console", "-chardev", fmt::format("socket,id=control,fd={}", kControlFd), "-mon",
              "chardev=control,mode=control"});
  // A machine that goes down stays to be asked; cpu_reset is where QEMU says "Triple fault".
  add(words, {"-action", "reboot=shutdown,shutdown=pause", "-d", "cpu_reset"});
}

void load(Words& words, const BootSpec& spec, const FirmwarePaths& firmware) {
  const std::string image = value(spec.image.string());
  if (spec.loader == Loader::firmware) {
    add(words, {"-bios", spec.image.string()});
  } else if (spec.firmware == Firmware::ovmf) {
    add(words, {"-bios", firmware.ovmf});
  } else if (spec.machine.board == "microvm") {
    add(words, {"-bios", firmware.qboot});
  }
  switch (spec.loader) {
    case Loader::kernel: {
      add(words, {"-kernel", spec.image.string()});
      // A guest that goes on has unpacked it already; the kernel's image stays, it brings a ROM of the machine.
      if (!spec.initrd.empty() && spec.resume_from.empty()) add(words, {"-initrd", spec.initrd.string()});
      const auto line = join(kernel_words(spec), " ");
      if (!line.empty()) add(words, {"-append", line});
      break;
    }
    case Loader::disk:
      add(words, {"-drive", fmt::format("if=ide,format=raw,snapshot=on,file={}", image), "-boot", "c"});
      break;
    case Loader::floppy:
      add(words, {"-drive", fmt::format("if=floppy,format=raw,snapshot=on,file={}", image), "-boot", "a"});
      break;
    case Loader::cdrom:
      add(words, {"-drive", fmt::format("if=ide,media=cdrom,format=raw,readonly=on,file={}", image), "-boot", "d"});
      break;
    case Loader::firmware:
      break;
  }
}

void devices(Words& words, const BootSpec& spec) {
  add(words, {"-vga", spec.screen ? "std" : "none"});
  if (spec.exit_device) add(words, {"-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"});
  int number = 0;
  for (const auto& disk : spec.disks) {
    const auto drive =
        fmt::format("format=raw,snapshot={},file={}", disk.keep_writes ? "off" : "on", value(disk.path.string()));
    if (disk.bus == DiskBus::ide) {
      add(words, {"-drive", "if=ide," + drive});
      continue;
    }
    const char* model = spec.machine.board == "microvm" ? "virtio-blk-device" : "virtio-blk-pci";
    add(words, {"-drive", fmt::format("if=none,id=disk{},{}", number, drive), "-device",
                fmt::format("{},drive=disk{}", model, number)});
    ++number;
  }
  for (const auto& device : spec.devices) add(words, {"-device", device});
  const auto passed = passed_device_words(spec.machine.pass_through);
  words.insert(words.end(), passed.begin(), passed.end());
  for (const auto& [name, text] : spec.orders) {
    add(words, {"-fw_cfg", fmt::format("name=opt/aios/{},string={}", value(name), value(text))});
  }
  if (spec.plugin) {
    auto plugin = fmt::format("{},out={}", value(spec.plugin->library.string()), value(spec.plugin->out.string()));
    if (!spec.plugin->watch.empty()) plugin += fmt::format(",watch={}", value(spec.plugin->watch.string()));
    if (!spec.plugin->profile.empty()) {
      plugin += fmt::format(",profile={}", value(spec.plugin->profile.string()));
      if (spec.plugin->profile_boot) plugin += ",spans=on";
    }
    add(words, {"-plugin", plugin});
  }
  if (!spec.hold.empty()) {
    // Stopped it is saved; running it is wanted again.
    add(words, {"-plugin", fmt::format("{},wire={}", value(spec.hold.string()), kHoldFd), "-global",
                "migration.store-global-state=off"});
  }
  if (!spec.resume_from.empty()) add(words, {"-incoming", fmt::format("fd:{}", kResumeFd)});
}

Status check(const BootSpec& spec) {
  const auto& machine = spec.machine;
  const auto refuse = [&](std::string what, std::string hint) {
    return config_error(std::move(what), machine.name, std::move(hint));
  };
  if (spec.image.empty()) return refuse("a boot without an image", "name a kernel or an image file");
  if (machine.accelerator != "kvm" && machine.accelerator != "tcg" && machine.accelerator != "tcg-icount") {
    return refuse(fmt::format("unknown accelerator '{}'", machine.accelerator), "known are: tcg-icount, tcg, kvm");
  }
  if (machine.accelerator == "tcg-icount" && machine.cpus != 1) {
    return refuse(fmt::format("exact mode has one processor, {} were asked for", machine.cpus),
                  "use --mode timed, or one processor");
  }
  if (machine.board == "microvm" &&
      (spec.loader != Loader::kernel || spec.firmware != Firmware::standard || spec.screen)) {
    return refuse("a microvm has no disk controller, no VGA and no other firmware", "use a q35 machine");
  }
  if (!machine.pass_through.empty() && (machine.board == "microvm" || machine.accelerator == "tcg-icount")) {
    return refuse(machine.board == "microvm" ? "a microvm has no PCI bus to pass a device through to"
                                             : "an exact machine has no device that works on the host's time",
                  "pass devices through to a q35 machine with the accelerator kvm or tcg");
  }
  if (spec.plugin && machine.accelerator == "kvm") {
    return refuse("under KVM nothing is there that a plugin could count", "use an exact machine");
  }
  if (machine.cpus < 1 || machine.memory_mb < 1) return refuse("a machine without processor or memory", {});
  return {};
}

}  // namespace

Result<std::vector<std::string>> command_line(const BootSpec& spec, const FirmwarePaths& firmware) {
  TRY(check(spec));
  Words words{"qemu-system-x86_64", "-no-user-config", "-nodefaults", "-display", "none", "-M", board(spec)};
  accelerator(words, spec);
  wires(words, spec);
  load(words, spec, firmware);
  devices(words, spec);
  words.insert(words.end(), spec.back_end_words.begin(), spec.back_end_words.end());
  return words;
}

}  // namespace aios::qemu
