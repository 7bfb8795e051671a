// SPDX-License-Identifier: Apache-2.0
// Golden command lines: whoever changes one changes what every stored figure means, and should see it.
#include "harness/machine/qemu/command_line.h"

#include <gmock/gmock.h>

#include "harness/machine/machines.h"
#include "harness/machine/qemu/passed_devices.h"
#include "harness/support/text.h"

namespace aios::qemu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

BootSpec spec_on(const char* machine) {
  BootSpec spec;
  spec.machine = find_machine(built_in_machines(), machine).value();
  spec.machine.cpu_model = "CPU";
  spec.image = "k";
  return spec;
}

std::string line(const BootSpec& spec) {
  const auto words = command_line(spec);
  return words.ok() ? join(*words, " ") : words.error().describe();
}

constexpr const char* kWires =
    "-chardev file,id=console,path=/proc/self/fd/20 -serial chardev:console -chardev socket,id=control,fd=21 -mon "
    "chardev=control,mode=control -action reboot=shutdown,shutdown=pause -d cpu_reset";

TEST(CommandLine, ExactLinux) {
  auto spec = spec_on("qemu-exact");
  spec.initrd = "i";
  spec.command_line = {"console=ttyS0", "quiet"};
  spec.plugin = PluginSpec{"p.so", "o,ut", "w"};
  spec.orders = {{"run", "a,b"}};
  EXPECT_EQ(line(spec),
            std::string("qemu-system-x86_64 -no-user-config -nodefaults -display none -M "
                        "q35,sata=off,smbus=off,usb=off,vmport=off -accel tcg -icount shift=0,sleep=off -rtc "
                        "base=2020-01-01,clock=vm -cpu CPU -smp 1 -m 256 -seed 1 ") +
                kWires +
                " -kernel k -initrd i -append panic=-1 nokaslr norandmaps "
                "randomize_kstack_offset=off random.trust_cpu=off no_timer_check tsc=reliable "
                "nolapic_timer console=ttyS0 quiet -vga none -fw_cfg "
                "name=opt/aios/run,string=a,,b -plugin p.so,out=o,,ut,watch=w");
}

// The same machine but for the wire of the plugin that holds it, and for where the guest comes from.
TEST(CommandLine, AGuestThatIsSavedAndOneThatGoesOn) {
  auto spec = spec_on("qemu-exact");
  spec.initrd = "i";
  const std::string plain = line(spec);
  spec.hold = "h,old.so";
  EXPECT_EQ(line(spec), plain + " -plugin h,,old.so,wire=23 -global migration.store-global-state=off");
  spec.hold.clear();
  spec.resume_from = "state";
  std::string resumed = line(spec);
  EXPECT_TRUE(resumed.ends_with(" -incoming fd:24"));
  resumed.insert(resumed.find(" -append"), " -initrd i");
  EXPECT_EQ(resumed, plain + " -incoming fd:24");
}

TEST(CommandLine, Microvm) {
  EXPECT_EQ(
      line(spec_on("qemu-microvm")),
      std::string("qemu-system-x86_64 -no-user-config -nodefaults -display none -M "
                  "microvm,acpi=off,pit=on,pic=on,rtc=on,x-option-roms=off -accel tcg -icount shift=0,sleep=off -rtc "
                  "base=2020-01-01,clock=vm -cpu CPU -smp 1 -m 256 -seed 1 ") +
          kWires + " -bios qboot.rom -kernel k -vga none");
}

TEST(CommandLine, KvmWithProcessorsDiskAndConsoleInput) {
  auto spec = spec_on("qemu-kvm");
  spec.machine.cpus = 4;
  spec.interactive = true;
  spec.disks = {{"d1", DiskBus::virtio, false}, {"d2", DiskBus::ide, true}};
  const auto text = line(spec);
  EXPECT_THAT(text, HasSubstr("-M q35,sata=on,"));
  EXPECT_THAT(text, HasSubstr("-accel kvm -cpu CPU -smp 4"));
  EXPECT_THAT(text, HasSubstr("-chardev socket,id=console,fd=20"));
  EXPECT_THAT(text,
              HasSubstr("-drive if=none,id=disk0,format=raw,snapshot=on,file=d1 -device virtio-blk-pci,drive=disk0"));
  EXPECT_THAT(text, HasSubstr("-drive if=ide,format=raw,snapshot=off,file=d2"));
  EXPECT_THAT(text, Not(HasSubstr("icount")));
}

TEST(CommandLine, LoadersAndFirmware) {
  auto spec = spec_on("qemu-tcg");
  const auto with = [&](Loader loader) {
    spec.loader = loader;
    return line(spec);
  };
  EXPECT_THAT(with(Loader::disk), HasSubstr("-drive if=ide,format=raw,snapshot=on,file=k -boot c"));
  EXPECT_THAT(with(Loader::floppy), HasSubstr("-drive if=floppy,format=raw,snapshot=on,file=k -boot a"));
  EXPECT_THAT(with(Loader::cdrom), HasSubstr("media=cdrom"));
  EXPECT_THAT(with(Loader::firmware), HasSubstr("-bios k"));
  spec.firmware = Firmware::ovmf;
  EXPECT_THAT(with(Loader::kernel), HasSubstr("OVMF.fd -kernel k"));
  spec.screen = spec.exit_device = true;
  EXPECT_THAT(with(Loader::kernel), HasSubstr("-vga std -device isa-debug-exit,iobase=0xf4,iosize=0x04"));
}

TEST(CommandLine, SpreadsMemoryOverNodes) {
  auto spec = spec_on("qemu-exact");
  EXPECT_THAT(join(command_line(spec).value(), " "), Not(HasSubstr("-numa")));
  spec.numa_nodes = 2;
  spec.machine.memory_mb = 257;
  const std::string words = join(command_line(spec).value(), " ");
  EXPECT_THAT(words,
              HasSubstr("-m 257 -object memory-backend-ram,id=memory0,size=128M -numa node,nodeid=0,memdev=memory0"));
  EXPECT_THAT(words, HasSubstr("id=memory1,size=129M -numa node,nodeid=1,memdev=memory1,cpus=0-0"));
}

TEST(CommandLine, RefusesWhatCannotBe) {
  const auto refused = [](auto change, const char* machine = "qemu-exact") {
    auto spec = spec_on(machine);
    change(spec);
    const auto words = command_line(spec);
    return words.ok() ? std::string() : words.error().what;
  };
  EXPECT_THAT(refused([](auto& s) { s.machine.cpus = 2; }), HasSubstr("one processor"));
  EXPECT_THAT(refused([](auto& s) { s.machine.accelerator = "xen"; }), HasSubstr("xen"));
  EXPECT_THAT(refused([](auto& s) { s.image.clear(); }), HasSubstr("without an image"));
  EXPECT_THAT(refused([](auto& s) { s.loader = Loader::disk; }, "qemu-microvm"), HasSubstr("microvm"));
  EXPECT_THAT(refused([](auto& s) { s.plugin = PluginSpec{}; }, "qemu-kvm"), HasSubstr("KVM"));
}

TEST(Audit, OnlyAMachineWithoutHostTimeIsExact) {
  EXPECT_EQ(fidelity_of(spec_on("qemu-exact")), Fidelity::exact);
  EXPECT_EQ(fidelity_of(spec_on("qemu-microvm")), Fidelity::exact);
  EXPECT_EQ(fidelity_of(spec_on("qemu-tcg")), Fidelity::bounded);
  EXPECT_EQ(fidelity_of(spec_on("qemu-kvm")), Fidelity::timed);
  auto spec = spec_on("qemu-exact");
  spec.disks = {{"d"}};
  EXPECT_EQ(fidelity_of(spec), Fidelity::counted);
  spec = spec_on("qemu-exact");
  spec.devices = {"virtio-net-pci,netdev=n0"};
  EXPECT_THAT(not_exact_because(spec), ElementsAre("device virtio-net-pci"));
  spec = spec_on("qemu-exact");
  spec.interactive = true;
  EXPECT_EQ(fidelity_of(spec), Fidelity::counted);
}

TEST(Audit, ReadsTheMachinesOwnList) {
  const auto names = device_names(
      "bus: main-system-bus\r\n  dev: q35-pcihost, id \"\"\r\n    dev: ide-cd, id \"x\"\r\n  dev: ide-cd, id\r\n");
  EXPECT_THAT(names, ElementsAre("ide-cd", "q35-pcihost"));
  EXPECT_THAT(devices_on_host_time(names), ElementsAre("ide-cd"));
}

// All functions of a card behind one port, as they are in the host; a card without its first one is none.
TEST(PassedDevices, CardsKeepTheirFunctions) {
  EXPECT_THAT(passed_device_words({}), ::testing::IsEmpty());
  EXPECT_THAT(
      passed_device_words({"0000:01:00.1", "0000:01:00.0", "0000:65:00.0"}),
      ElementsAre("-device", "pcie-root-port,id=passed1,chassis=1", "-device",
                  "vfio-pci,host=0000:01:00.0,bus=passed1,addr=0x0.0,multifunction=on", "-device",
                  "vfio-pci,host=0000:01:00.1,bus=passed1,addr=0x0.1", "-device", "pcie-root-port,id=passed2,chassis=2",
                  "-device", "vfio-pci,host=0000:65:00.0,bus=passed2,addr=0x0.0"));
  EXPECT_THAT(passed_device_words({"0000:05:00.2", "0000:05:00.3"}),
              ElementsAre("-device", "pcie-root-port,id=passed1,chassis=1", "-device",
                          "vfio-pci,host=0000:05:00.2,bus=passed1", "-device", "pcie-root-port,id=passed2,chassis=2",
                          "-device", "vfio-pci,host=0000:05:00.3,bus=passed2"));
}

TEST(PassedDevices, NotToAMachineThatCannotHaveThem) {
  for (const char* name : {"qemu-exact", "qemu-microvm"}) {
    BootSpec spec = spec_on(name);
    spec.machine.pass_through = {"0000:01:00.0"};
    const auto words = command_line(spec);
    ASSERT_FALSE(words.ok()) << name;
    EXPECT_EQ(words.error().kind, ErrorKind::config);
    EXPECT_THAT(not_exact_because(spec), ::testing::Contains(HasSubstr("0000:01:00.0")));
  }
  BootSpec spec = spec_on("qemu-tcg");
  spec.machine.pass_through = {"0000:01:00.0"};
  EXPECT_THAT(command_line(spec).value(), ::testing::Contains(HasSubstr("vfio-pci,host=0000:01:00.0")));
}

TEST(Machines, AreFoundByNameOrSuggested) {
  EXPECT_EQ(built_in_machines().front().name, "qemu-exact");
  const auto wrong = find_machine(built_in_machines(), "qemu-exat");
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().what, HasSubstr("did you mean 'qemu-exact'"));
  for (const auto& machine : built_in_machines()) {
    EXPECT_TRUE(make_machine(machine, {}).ok()) << machine.name;
    if (machine.backend != "qemu") continue;
    auto spec = spec_on(machine.name.c_str());
    EXPECT_EQ(fidelity_of(spec), machine.fidelity) << machine.name;
  }
}

}  // namespace
}  // namespace aios::qemu
