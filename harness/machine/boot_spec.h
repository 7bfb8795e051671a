// SPDX-License-Identifier: Apache-2.0
// Everything that decides what the guest sees of one boot, as a value: the machine, what is loaded and how, devices,
// orders. Two equal specs give the same command line, and in exact mode the same boot. What is expected of the boot
// stands in WatchPlan.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/machine.h"

namespace aios {

enum class Loader {
  kernel,    // the machine's own loader: bzImage, ELF with a PVH note, Multiboot 1
  disk,      // raw disk with a boot sector
  floppy,    // floppy image
  cdrom,     // ISO 9660 (GRUB and friends)
  firmware,  // the image is the firmware
};

enum class Firmware { standard, ovmf };  // standard: SeaBIOS, and qboot on microvm

enum class DiskBus { ide, virtio };

struct DiskSpec {
  std::filesystem::path path;  // raw
  DiskBus bus = DiskBus::virtio;
  bool keep_writes = false;  // otherwise what the guest writes is thrown away with the machine
};

// A TCG plugin that counts, and where it leaves its counts.
struct PluginSpec {
  std::filesystem::path library;
  std::filesystem::path out;
  std::filesystem::path watch;    // may be empty
  std::filesystem::path profile;  // where a profile goes; empty: none is made
  bool profile_boot = false;      // of what runs before the regions, too
};

// A program that is run as it is, by a machine that has no guest of its own (this host).
struct ProgramSpec {
  std::string scenario;
  std::filesystem::path path;
  std::vector<std::string> arguments;
  std::filesystem::path folder;  // made by the machine: what the program writes is there
};

struct BootSpec {
  MachineSpec machine;
  std::string label;  // for messages

  Loader loader = Loader::kernel;
  std::filesystem::path image;
  std::filesystem::path initrd;
  std::vector<std::string> command_line;  // the kernel's own words
  // The machine's words (machine_kernel_words) go in front of its own; an initial ramdisk says the same.
  bool linux_guest = false;
  Firmware firmware = Firmware::standard;

  std::vector<DiskSpec> disks;
  std::vector<std::string> devices;  // further -device words
  int numa_nodes = 1;                // memory is spread over so many; processors are with the last part
  std::vector<std::pair<std::string, std::string>> orders;  // name, text: the guest reads opt/aios/NAME from fw_cfg
  bool exit_device = false;                                 // isa-debug-exit at 0xf4
  bool screen = false;       // a VGA adapter whose text is read: for kernels that know no serial line
  bool interactive = false;  // console input; such a run is never exact
  std::uint32_t seed = 1;

  std::optional<ProgramSpec> program;  // in place of an image
  std::optional<PluginSpec> plugin;
  std::filesystem::path hold;               // the plugin that holds the guest where it is saved; empty: it is not saved
  std::filesystem::path resume_from;        // a guest that was saved with an equal spec; empty: it is booted
  std::vector<std::string> back_end_words;  // appended to the back end's command line as they are
};

}  // namespace aios
