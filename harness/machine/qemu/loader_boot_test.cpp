// SPDX-License-Identifier: Apache-2.0
// Every way to start an image, and every loader's way to refuse one.
#include <cstdlib>

#include "harness/machine/image_kind.h"
#include "harness/machine/testing/boot_rig.h"
#include "harness/support/process.h"

namespace aios {
namespace {

using testing::image;
using testing::Rig;
using testing::story;

// As a black box is started: by what the file is.
void load_by_kind(Rig& rig) {
  auto info = inspect_image(rig.spec.image);
  ASSERT_TRUE(info.ok()) << info.error().describe();
  const auto loaded = load_as(*info, rig.spec.image, rig.spec);
  ASSERT_TRUE(loaded.ok());
}

TEST(Loaders, PvhOnQ35) {
  Rig rig("pvh_only.elf");
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
}

TEST(Loaders, PvhOnMicrovmWhereAResetIsAPowerOff) {
  Rig rig("pvh_only.elf", "qemu-microvm");
  auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
}

TEST(Loaders, FloppyDiskAndFirmware) {
  struct Case {
    const char *name, *machine;
    Fidelity fidelity;
  };
  for (const auto& [name, machine, fidelity] :
       {Case{"floppy.img", "qemu-tcg", Fidelity::bounded}, Case{"disk.img", "qemu-exact", Fidelity::counted},
        Case{"firmware.bin", "qemu-exact", Fidelity::exact}}) {
    Rig rig(name, machine);
    load_by_kind(rig);
    const auto e = rig.boot();
    EXPECT_EQ(e.state, EndState::reached_markers) << name << story(e);
    EXPECT_EQ(e.fidelity, fidelity) << name;
  }
}

TEST(Loaders, GrubIsoWithoutACountdown) {
  const auto scratch = ScratchFolder::create().value();
  const auto tree = scratch.path() / "iso/boot/grub";
  ASSERT_TRUE(make_folders(tree).ok());
  ASSERT_TRUE(copy_file_to(image("marker_halt.elf"), scratch.path() / "iso/boot/kernel").ok());
  ASSERT_TRUE(copy_file_to(image("elf64_multiboot.elf"), scratch.path() / "iso/boot/other").ok());
  const auto make = [&](const char* kernel, const char* name) {
    const std::string config =
        std::string("set timeout=0\nset default=0\nmenuentry \"tiny\" {\n multiboot /boot/") + kernel + "\n boot\n}\n";
    ASSERT_TRUE(write_file_atomic(tree / "grub.cfg", config).ok());
    const auto made = run_checked(
        {.argv = {"grub-mkrescue", "-o", (scratch.path() / name).string(), (scratch.path() / "iso").string()}});
    ASSERT_TRUE(made.ok()) << made.error().describe();
  };
  make("kernel", "good.iso");
  make("not-there", "bad.iso");
  {
    Rig rig("", "qemu-tcg");
    rig.spec.image = scratch.path() / "good.iso";
    load_by_kind(rig);
    rig.spec.screen = true;
    const auto e = rig.boot();
    EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
  }
  {
    Rig rig("", "qemu-tcg");
    rig.spec.image = scratch.path() / "bad.iso";
    load_by_kind(rig);
    rig.spec.screen = true;
    const auto e = rig.boot();
    EXPECT_EQ(e.state, EndState::loader_refusal) << story(e);
    EXPECT_NE(e.detail.find("/boot/not-there' not found"), std::string::npos) << e.detail;
  }
}

TEST(Loaders, EfiApplicationUnderOvmf) {
  Rig rig("efi_app.efi", "qemu-tcg");
  load_by_kind(rig);
  rig.spec.machine.memory_mb = 128;
  rig.plan.silence = std::chrono::seconds(10);
  rig.plan.stall = std::chrono::seconds(5);
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::reached_markers) << story(e);
}

TEST(Loaders, NoSystemOnTheDisk) {
  Rig rig("no_system.img", "qemu-tcg");
  load_by_kind(rig);
  rig.spec.screen = true;
  const auto e = rig.boot();
  EXPECT_EQ(e.state, EndState::loader_refusal) << story(e);
  EXPECT_NE(e.detail.find("No bootable device"), std::string::npos) << e.detail;
}

TEST(Loaders, QemuRefusesInItsOwnWordsAndWeSayWhatToDo) {
  for (const char* name : {"elf64.elf", "elf64_multiboot.elf", "bad_multiboot.elf"}) {
    Rig rig(name);
    const auto e = rig.boot();
    EXPECT_EQ(e.state, EndState::loader_refusal) << name << story(e);
    const auto error = judge_end(e, name).error();
    EXPECT_EQ(error.kind, ErrorKind::kernel_fault);
    EXPECT_NE(error.hint.find("GRUB ISO"), std::string::npos) << error.describe();
  }
}

TEST(Loaders, WhatIsNotThereIsAConfigError) {
  Rig rig("no-such-image");
  qemu::QemuMachine machine(rig.environment());
  const auto result = watch_boot(machine, rig.spec, rig.plan, rig.hooks, "/tmp", rig.environment());
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace aios
