// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/domain_xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/machine/libvirt/screen_words.h"
#include "harness/machine/machines.h"
#include "harness/support/files.h"
#include "harness/support/process.h"

namespace aios::libvirt {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

BootSpec domain_spec(const char* machine) {
  BootSpec spec;
  spec.machine = find_machine(built_in_machines(), machine).value();
  spec.image = "/k/bzImage";
  spec.initrd = "/k/initrd";
  spec.command_line = {"quiet", "x=\"a<b>&'c'\""};
  spec.orders = {{"orders", "aios-orders 1\nrun syscall /aios/bin/operations\nend poweroff\n"}};
  return spec;
}

DomainPlace domain_place() {
  return {.name = "aios-bench-7-0a0b0c0d",
          .uuid = "0a0b0c0d-0000-4000-8000-000000000001",
          .image = "/s/image",
          .initrd = "/s/initrd",
          .disks = {},
          .console = "/s/console",
          .log = "/s/qemu.log",
          .plugin_out = "/s/counts"};
}

// libvirt's own schema, where its program is installed.
void expect_valid(const std::string& xml) {
  if (find_program("virt-xml-validate").empty()) GTEST_SKIP() << "libvirt-clients is not installed";
  const auto scratch = ScratchFolder::create("domain-xml").value();
  ASSERT_TRUE(write_file_atomic(scratch.path() / "domain.xml", xml).ok());
  const auto got = run_command({.argv = {"virt-xml-validate", (scratch.path() / "domain.xml").string(), "domain"}},
                               {.merge_stderr = true});
  ASSERT_TRUE(got.ok());
  EXPECT_TRUE(got->exit.success()) << got->out << xml;
}

TEST(DomainXml, AnExactMachineIsTheOneThatQemuExactIs) {
  const auto xml = domain_xml(domain_spec("libvirt-exact"), domain_place());
  ASSERT_TRUE(xml.ok()) << xml.error().describe();
  EXPECT_EQ(*xml, R"(<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>aios-bench-7-0a0b0c0d</name>
  <uuid>0a0b0c0d-0000-4000-8000-000000000001</uuid>
  <memory unit='MiB'>256</memory>
  <vcpu placement='static'>1</vcpu>
  <sysinfo type='fwcfg'>
    <entry name='opt/aios/orders'>aios-orders 1
run syscall /aios/bin/operations
end poweroff
</entry>
  </sysinfo>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>/s/image</kernel>
    <initrd>/s/initrd</initrd>
    <cmdline>console=ttyS0 panic=-1 nokaslr norandmaps randomize_kstack_offset=off random.trust_cpu=off no_timer_check tsc=reliable nolapic_timer quiet x=&quot;a&lt;b&gt;&amp;&apos;c&apos;&quot;</cmdline>
  </os>
  <features>
    <acpi/>
    <apic/>
    <vmport state='off'/>
  </features>
  <clock offset='utc'/>
  <on_poweroff>destroy</on_poweroff>
  <on_reboot>destroy</on_reboot>
  <on_crash>destroy</on_crash>
  <devices>
    <controller type='usb' index='0' model='none'/>
    <memballoon model='none'/>
    <video>
      <model type='none'/>
    </video>
  </devices>
  <qemu:commandline>
    <qemu:arg value='-machine'/>
    <qemu:arg value='sata=off,smbus=off'/>
    <qemu:arg value='-cpu'/>
    <qemu:arg value='EPYC-v1,-rdrand,-rdseed,-sha-ni,-fxsr-opt,-misalignsse,-3dnowprefetch,-osvw,-topoext,-nrip-save,-xsavec,enforce'/>
    <qemu:arg value='-icount'/>
    <qemu:arg value='shift=0,sleep=off'/>
    <qemu:arg value='-rtc'/>
    <qemu:arg value='base=2020-01-01,clock=vm'/>
    <qemu:arg value='-uuid'/>
    <qemu:arg value='00000000-0000-0000-0000-000000000000'/>
    <qemu:arg value='-boot'/>
    <qemu:arg value='strict=off'/>
    <qemu:arg value='-chardev'/>
    <qemu:arg value='pipe,id=console,path=/s/console'/>
    <qemu:arg value='-serial'/>
    <qemu:arg value='chardev:console'/>
    <qemu:arg value='-seed'/>
    <qemu:arg value='1'/>
    <qemu:arg value='-action'/>
    <qemu:arg value='reboot=shutdown'/>
    <qemu:arg value='-d'/>
    <qemu:arg value='cpu_reset'/>
    <qemu:arg value='-D'/>
    <qemu:arg value='/s/qemu.log'/>
  </qemu:commandline>
</domain>
)");
  expect_valid(*xml);
}

TEST(DomainXml, EverythingThatAMachineFileCanSay) {
  BootSpec spec = domain_spec("libvirt");
  spec.machine.accelerator = "kvm";
  spec.machine.cpu_model = "host";
  spec.machine.cpus = 4;
  spec.machine.memory_mb = 512;
  spec.machine.pass_through = {"0000:01:00.0", "0000:01:00.1"};
  spec.screen = true;
  spec.disks = {{.path = "/d/data.raw", .bus = DiskBus::ide}};
  LibvirtSettings& settings = *spec.machine.libvirt;
  settings.pins = {{0, "2"}, {3, "4-5"}};
  settings.emulator_pin = "0-1";
  settings.numa = {{"0-1", 256, "0"}, {"2-3", 256, ""}};
  settings.hugepages = "2M";
  settings.lock_memory = true;
  settings.virtio = {"rng", "balloon", "console"};
  settings.disks = {{.source = "/dev/sdb", .kind = "block", .cache = "none", .io = "native"},
                    {.source = "images/data", .kind = "volume", .format = "qcow2", .bus = "scsi", .keep_writes = true}};
  settings.networks = {{.kind = "user"}, {.kind = "bridge", .source = "br0", .mac = "52:54:00:00:00:01"}};
  settings.emulator = "/usr/bin/qemu-system-x86_64";
  DomainPlace place = domain_place();
  place.disks = {"/s/disk0"};
  const auto xml = domain_xml(spec, place);
  ASSERT_TRUE(xml.ok()) << xml.error().describe();
  for (const char* part : {"<domain type='kvm'",
                           "<page size='2' unit='M'/>",
                           "<locked/>",
                           "<vcpupin vcpu='3' cpuset='4-5'/>",
                           "<emulatorpin cpuset='0-1'/>",
                           "<memnode cellid='0' mode='strict' nodeset='0'/>",
                           "<cpu mode='host-passthrough' check='none'>",
                           "<cell id='1' cpus='2-3' memory='256' unit='MiB'/>",
                           "<source dev='/dev/sdb'/>",
                           "<source pool='images' volume='data'/>",
                           "<target dev='vda' bus='virtio'/>",
                           "<source file='/s/disk0'/>",
                           "<target dev='sda' bus='sata'/>",
                           "<interface type='user'>",
                           "<source bridge='br0'/>",
                           "<rng model='virtio'>",
                           "<memballoon model='virtio'/>",
                           "<model type='vga'/>",
                           "<hostdev mode='subsystem' type='pci' managed='yes'>",
                           "<address domain='0x0000' bus='0x01' slot='0x00' function='0x1'/>",
                           "sata=on"}) {
    EXPECT_THAT(*xml, HasSubstr(part));
  }
  EXPECT_THAT(*xml, Not(HasSubstr("-icount")));
  expect_valid(*xml);
}

TEST(DomainXml, AScenariosNodesKeepTheProcessorsOnTheLast) {
  BootSpec spec = domain_spec("libvirt");
  spec.numa_nodes = 2;
  const std::string xml = domain_xml(spec, domain_place()).value();
  EXPECT_THAT(xml, HasSubstr("<cell id='0' memory='128' unit='MiB'/>"));
  EXPECT_THAT(xml, HasSubstr("<cell id='1' cpus='0-0' memory='128' unit='MiB'/>"));
  expect_valid(xml);
}

TEST(DomainXml, APtyWhereTheConsoleIsReadThroughLibvirt) {
  DomainPlace place = domain_place();
  place.console = place.log = "";
  const std::string xml = domain_xml(domain_spec("libvirt"), place).value();
  EXPECT_THAT(xml, HasSubstr("<serial type='pty'>"));
  EXPECT_THAT(xml, Not(HasSubstr("cpu_reset")));
  expect_valid(xml);
}

TEST(DomainXml, DrivesAndFirmware) {
  for (const Loader loader : {Loader::disk, Loader::cdrom, Loader::floppy, Loader::firmware}) {
    BootSpec spec = domain_spec("libvirt");
    spec.loader = loader;
    spec.initrd.clear();
    expect_valid(domain_xml(spec, domain_place()).value());
  }
}

TEST(DomainXml, WhatLibvirtCannotDoIsSaid) {
  const auto refusal = [](const BootSpec& spec, const DomainPlace& place = domain_place()) {
    const auto xml = domain_xml(spec, place);
    EXPECT_FALSE(xml.ok());
    return xml.ok() ? "" : xml.error().what;
  };
  BootSpec spec = domain_spec("libvirt");
  spec.machine.board = "microvm";
  EXPECT_THAT(refusal(spec), HasSubstr("no microvm"));
  spec = domain_spec("libvirt");
  spec.machine.libvirt->numa = {{"0", 100, ""}};
  EXPECT_THAT(refusal(spec), HasSubstr("100 MiB, the machine has 256"));
  spec = domain_spec("libvirt");
  spec.machine.libvirt->pins = {{1, "0"}};
  EXPECT_THAT(refusal(spec), HasSubstr("processor 1 is pinned"));
  spec = domain_spec("libvirt-exact");
  spec.machine.cpus = 2;
  EXPECT_THAT(refusal(spec), HasSubstr("one processor"));
  spec = domain_spec("libvirt-exact");
  spec.plugin = PluginSpec{.library = "/p.so", .out = "/o"};
  DomainPlace elsewhere = domain_place();
  elsewhere.console.clear();
  EXPECT_THAT(refusal(spec, elsewhere), HasSubstr("on another host"));
}

TEST(ScreenWords, AreTheCellsOfTheScreen) {
  EXPECT_EQ(screen_cells("00000000000b8000: 0x07420741 0x00000020\r\n"), std::string("A\x07"
                                                                                     "B\x07"
                                                                                     " \0\0\0",
                                                                                     8));
  EXPECT_EQ(screen_cells("Cannot access memory"), "");
}

}  // namespace
}  // namespace aios::libvirt
