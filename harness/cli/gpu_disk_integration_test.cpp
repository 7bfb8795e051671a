// SPDX-License-Identifier: Apache-2.0
// The root disk for a guest with a GPU (images/gpu): what it loads by the hardware found, on recorded machines with a
// stand-in for modprobe and for a vendor's installer; and the disk itself, made, booted and its programs run. It needs
// the kernel `aios` in the store that AIOS_BENCH_HOME names.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "harness/cli/testing/bench_program.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kRecipe = fs::path(AIOS_SOURCE_DIR) / "images/gpu";

void write_script(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "#!/bin/sh\n" << text;
  fs::permissions(file, fs::perms::owner_all);
}

// A machine as load-modules sees it; its modprobe knows the modules that the file `known` names.
class LoadModules : public ::testing::Test {
 protected:
  LoadModules() {
    write("proc/sys/kernel/osrelease", "6.12.0\n");
    write("proc/modules", "");
    write("lib/modules/6.12.0/modules.builtin",
          "kernel/drivers/nvme/host/nvme.ko\nkernel/drivers/ata/ahci.ko\nkernel/fs/ext4/ext4.ko\n"
          "kernel/drivers/net/virtio_net.ko\nkernel/drivers/net/ethernet/intel/e1000e/e1000e.ko\n");
    write("known", "");
    device("0000:00:1f.2", "0x8086", "0x010601");
    write_script(root() / "modprobe", "[ \"$1\" = -n ] && { grep -qx \"$2\" " + quoted("known") + "; exit $?; }\n" +
                                          "grep -qx \"$1\" " + quoted("known") + " || exit 1\n" +
                                          "echo \"$1 1 0 - Live\" | tr - _ >> " + quoted("proc/modules") + "\n");
    // It records how it was called, and brings the driver.
    write_script(root() / "opt/driver/install", "echo \"$@\" > " + quoted("called") + "\n" + "[ -e " +
                                                    quoted("broken") + " ] && exit 1\n" +
                                                    "printf 'nvidia\\nnvidia_uvm\\n' >> " + quoted("known") + "\n");
  }
  const fs::path& root() const { return scratch_.path(); }
  std::string quoted(const std::string& file) const { return "'" + (root() / file).string() + "'"; }
  void write(const std::string& file, const std::string& text) {
    fs::create_directories((root() / file).parent_path());
    std::ofstream(root() / file) << text;
  }
  void device(const std::string& address, const std::string& vendor, const std::string& kind) {
    write("sys/bus/pci/devices/" + address + "/vendor", vendor + "\n");
    write("sys/bus/pci/devices/" + address + "/class", kind + "\n");
  }
  // busybox's shell, as in the guest.
  std::string run(int wanted_exit = 0) {
    const auto got = run_command(
        {.argv = {"busybox", "sh", (kRecipe / "load-modules").string(), (kRecipe / "modules.conf").string()},
         .env = {{"ROOT", root().string()}, {"MODPROBE", (root() / "modprobe").string()}}},
        {.merge_stderr = true});
    EXPECT_TRUE(got.ok());
    if (!got.ok()) return {};
    EXPECT_EQ(got->exit.code, wanted_exit) << got->out;
    return got->out;
  }
  bool installer_called() const { return fs::exists(root() / "called"); }

 private:
  ScratchFolder scratch_ = ScratchFolder::create("aios-modules").value();
};

TEST_F(LoadModules, WithoutAGpuOnlyWhatIsAlwaysThere) {
  write("known", "nvidia\nnouveau\namdgpu\n");
  const std::string said = run();
  for (const char* module : {"nvme", "ahci", "ext4", "virtio_net", "e1000e"}) {
    EXPECT_THAT(said, HasSubstr(std::string("built-in ") + module));
  }
  EXPECT_THAT(said, HasSubstr("absent 10de 03"));
  EXPECT_THAT(said, HasSubstr("absent 1002 03"));
  EXPECT_THAT(said, Not(HasSubstr("loaded ")));
  EXPECT_FALSE(installer_called());
}

TEST_F(LoadModules, NvidiasInstallerIsCalledSilentlyAndItsModulesLoaded) {
  device("0000:01:00.0", "0x10de", "0x030200");
  write("known", "nouveau\n");
  const std::string said = run();
  EXPECT_THAT(said, HasSubstr("installed 10de 03"));
  EXPECT_THAT(said, HasSubstr("loaded nvidia\n"));
  EXPECT_THAT(said, HasSubstr("loaded nvidia_uvm"));
  EXPECT_THAT(said, Not(HasSubstr("nouveau")));
  EXPECT_EQ(read_file(root() / "called").value(), "--silent\n");
  // The second time the driver is there.
  fs::remove(root() / "called");
  write("proc/modules", "");
  EXPECT_THAT(run(), HasSubstr("loaded nvidia\n"));
  EXPECT_FALSE(installer_called());
}

TEST_F(LoadModules, NouveauWhereTheInstallerFailsOrIsNotThere) {
  device("0000:01:00.0", "0x10de", "0x030000");
  write("known", "nouveau\n");
  write("broken", "");
  EXPECT_THAT(run(), ::testing::AllOf(HasSubstr("not-installed 10de 03"), HasSubstr("loaded nouveau")));
  write("proc/modules", "");
  fs::remove_all(root() / "opt");
  EXPECT_THAT(run(), ::testing::AllOf(Not(HasSubstr("installed")), HasSubstr("loaded nouveau")));
  write("known", "");
  write("proc/modules", "");
  EXPECT_THAT(run(1), HasSubstr("failed nouveau"));
}

TEST_F(LoadModules, AmdgpuForAmdAndNothingForASoundFunction) {
  device("0000:03:00.0", "0x1002", "0x030000");
  device("0000:03:00.1", "0x10de", "0x040300");
  write("known", "amdgpu\n");
  const std::string said = run();
  EXPECT_THAT(said, ::testing::AllOf(HasSubstr("loaded amdgpu"), HasSubstr("absent 10de 03")));
  EXPECT_FALSE(installer_called());
}

TEST_F(LoadModules, WhatMustNeverBeLoadedIsAFailureAndSoIsWhatIsMissing) {
  write("proc/modules", "snd_hda_intel 1 0 - Live\n");
  EXPECT_THAT(run(1), HasSubstr("failed snd_hda_intel is loaded"));
  write("proc/modules", "");
  write("lib/modules/6.12.0/modules.builtin", "kernel/drivers/nvme/host/nvme.ko\n");
  EXPECT_THAT(run(1), HasSubstr("failed ext4"));
}

TEST(GpuDisk, IsMadeBootedAndItsProgramsRun) {
  const Json built = bench_json({"build", "aios", "--json"});
  const fs::path kernel = built.value("image", "");
  ASSERT_TRUE(fs::exists(kernel)) << built.dump();
  const auto scratch = ScratchFolder::create("aios-gpu-disk").value();
  // AMD's vendor id is the one that QEMU has a display of: the installer of this stand-in is called for it.
  write_script(scratch.path() / "driver/install", "echo \"stand-in installer called: $*\"\nmkdir -p /dev/stand-in\n");
  fs::create_directories(scratch.path() / "runtime/lib64");
  std::ofstream(scratch.path() / "runtime/lib64/libcudart.stand-in") << "stand-in\n";
  std::ofstream(scratch.path() / "modules.conf")
      << "always ext4 nvme\ninstall 1002 03 /opt/driver/install --silent\ndetect 1002 03 amdgpu\n"
         "detect 10de 03 nvidia nvidia_uvm\nfallback 1002 03 ext4\nnever snd_hda_intel\n";
  const fs::path disk = scratch.path() / "gpu.img";
  const fs::path guest = AIOS_BINARY_DIR "/guest";
  const auto made = run_checked({.argv = {(kRecipe / "make-disk").string(),
                                          "--out",
                                          disk.string(),
                                          "--init",
                                          (guest / "init").string(),
                                          "--driver",
                                          (scratch.path() / "driver").string(),
                                          "--runtime",
                                          (scratch.path() / "runtime").string(),
                                          "--modules",
                                          (kernel.parent_path() / "modules").string(),
                                          "--program",
                                          (guest / "bin/gpu").string(),
                                          "--program",
                                          "/usr/bin/printenv",
                                          "--configuration",
                                          (scratch.path() / "modules.conf").string(),
                                          "--run",
                                          "gpu /aios/bin/gpu --console --anywhere",
                                          "--run",
                                          "dynamic /aios/bin/printenv PATH",
                                          "--run",
                                          "runtime /bin/ls /opt/cuda/lib64"}});
  ASSERT_TRUE(made.ok()) << made.error().describe();
  CaptureOptions options;
  options.timeout = std::chrono::minutes(3);
  const auto boot = [&](std::vector<std::string> device) {
    std::vector<std::string> argv{
        "qemu-system-x86_64",
        "-accel",
        "tcg",
        "-M",
        "q35",
        "-cpu",
        "max",
        "-m",
        "256",
        "-nodefaults",
        "-vga",
        "none",
        "-display",
        "none",
        "-no-reboot",
        "-serial",
        "stdio",
        "-kernel",
        kernel.string(),
        "-drive",
        "if=virtio,format=raw,snapshot=on,file=" + disk.string(),
        "-append",
        "console=ttyS0 quiet panic=-1 no_timer_check root=/dev/vda rw init=/usr/sbin/aios-init"};
    argv.insert(argv.end(), device.begin(), device.end());
    const auto said = run_command({.argv = argv}, options);
    EXPECT_TRUE(said.ok()) << said.error().describe();
    return said.ok() ? printable(said->out) + said->err : std::string();
  };
  const std::string with = boot({"-device", "ati-vga,romfile="});
  EXPECT_THAT(with, HasSubstr("stand-in installer called: --silent"));
  EXPECT_THAT(with, HasSubstr("installed 1002 03"));
  EXPECT_THAT(with, HasSubstr("missing amdgpu"));
  EXPECT_THAT(with, HasSubstr("built-in ext4"));
  EXPECT_THAT(with, HasSubstr("absent 10de 03"));
  EXPECT_THAT(with, ::testing::ContainsRegex("yes +present +[0-9a-f:.]+, 1002:"));
  EXPECT_THAT(with, ::testing::ContainsRegex("yes +registers_readable"));
  EXPECT_THAT(with, ::testing::ContainsRegex("no +driver_loaded"));
  EXPECT_THAT(with, HasSubstr("libcudart.stand-in"));
  EXPECT_THAT(with, ::testing::ContainsRegex("/s?bin")) << "printenv is linked to glibc: it says PATH";
  const std::string without = boot({});
  EXPECT_THAT(without, HasSubstr("absent 1002 03"));
  EXPECT_THAT(without, Not(HasSubstr("stand-in installer called")));
  EXPECT_THAT(without, ::testing::ContainsRegex("no +present"));
  EXPECT_THAT(without, ::testing::ContainsRegex("skip +registers_readable"));
}

}  // namespace
}  // namespace aios
