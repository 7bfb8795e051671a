// SPDX-License-Identifier: Apache-2.0
// Level 1 of the nested test: a Linux in QEMU with an emulated IOMMU, devices to lend, QEMU and aios-bench itself. Its
// /init is `level_one_init`, which says what it finds in lines that begin with CHECK.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/image/initramfs.h"
#include "harness/image/modules.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {

struct LevelOneParts {
  fs::path program;  // aios-bench
  fs::path guest;    // the kernel that level 2 boots
  fs::path init;     // level_one_init
  fs::path modules;  // holds lib/modules/VERSION
  std::string machines;
};

// The program without what only a debugger needs, and every library that the dynamic linker names for it.
inline void add_program(std::map<std::string, ImageEntry>& entries, const fs::path& program, const std::string& as,
                        const fs::path& scratch) {
  const fs::path stripped = scratch / program.filename();
  const auto done = run_checked({.argv = {"strip", "-o", stripped.string(), program.string()}});
  ASSERT_TRUE(done.ok()) << done.error().describe();
  entries[as] = file_entry(as, stripped);
  const auto said = run_checked({.argv = {"ldd", program.string()}});
  ASSERT_TRUE(said.ok()) << said.error().describe();
  for (const auto& word : split_words(*said)) {
    if (word.starts_with('/')) entries[word] = file_entry(word, fs::canonical(word));
  }
}

inline Result<ImageFile> level_one_image(const LevelOneParts& parts, const fs::path& scratch) {
  std::map<std::string, ImageEntry> entries;
  const auto add = [&](ImageEntry entry) { entries[entry.path] = std::move(entry); };
  const fs::path qemu = find_program("qemu-system-x86_64"), busybox = find_program("busybox");
  add_program(entries, parts.program, "/usr/bin/aios-bench", scratch);
  add_program(entries, qemu, "/usr/bin/qemu-system-x86_64", scratch);
  add(file_entry("/bin/busybox", fs::canonical(busybox)));
  // What QEMU loads by itself, and no linker names.
  const std::string accelerator = "/usr/lib/x86_64-linux-gnu/qemu/accel-tcg-x86_64.so";
  if (fs::exists(accelerator)) add(file_entry(accelerator, accelerator));
  for (const char* rom : {"qemu/kvmvapic.bin", "qemu/multiboot.bin", "qemu/multiboot_dma.bin", "seabios/bios-256k.bin",
                          "seabios/vgabios-stdvga.bin", "misc/pci.ids"}) {
    const fs::path file = fs::path("/usr/share") / rom;
    if (fs::exists(file)) add(file_entry(file.string(), fs::canonical(file), 0644));
  }
  std::string order;
  for (const auto& module : TRY(collect_modules(parts.modules, {"vfio_pci", "vfio_iommu_type1", "uio_pci_generic"}))) {
    add(text_entry(module.guest_path, module.content));
    order += module.guest_path + "\n";
  }
  add(text_entry("/modules", order));
  add(text_entry("/machines.in", parts.machines));
  add(file_entry("/passed.elf", parts.guest));
  add(file_entry("/init", parts.init));
  for (const char* folder : {"/data/kernels", "/data/scenarios"}) add(folder_entry(folder));
  std::vector<ImageEntry> list;
  for (auto& [path, entry] : entries) list.push_back(std::move(entry));
  const std::string bytes = TRY(pack_initramfs(std::move(list)));
  return write_image(scratch / "level-one", {bytes});
}

inline std::vector<std::string> level_one_command(const fs::path& vmlinux, const fs::path& initrd) {
  return {"qemu-system-x86_64", "-accel", "tcg,thread=multi", "-M", "q35", "-cpu", "max", "-m", "1536", "-smp", "2",
          "-nodefaults", "-vga", "none", "-display", "none", "-no-reboot", "-serial", "stdio", "-device",
          "intel-iommu,intremap=on,caching-mode=on", "-device", "edu,addr=0x5",
          // A card of two functions, which are one group.
          "-device", "pcie-root-port,id=rp1,chassis=1,addr=0x6", "-device",
          "ati-vga,model=rv100,bus=rp1,addr=0x0.0,multifunction=on,romfile=", "-device", "intel-hda,bus=rp1,addr=0x0.1",
          // Two cards behind a bridge that cannot tell them apart.
          "-device", "pcie-root-port,id=rp2,chassis=2,addr=0x7", "-device", "pcie-pci-bridge,id=br,bus=rp2", "-device",
          "bochs-display,bus=br,addr=1", "-device", "edu,bus=br,addr=2", "-kernel", vmlinux.string(), "-initrd",
          initrd.string(), "-append", "console=ttyS0 quiet no_timer_check intel_iommu=on iommu=pt panic=-1"};
}

}  // namespace aios
