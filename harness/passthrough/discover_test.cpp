// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/discover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/passthrough/testing/recorded_tree.h"

namespace aios::passthrough {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Discover, AServersH100) {
  const RecordedTree recorded("h100");
  const PciNames names;
  const Inventory host = discover(SysfsTree(recorded.root()), &names);
  EXPECT_TRUE(host.iommu);
  EXPECT_EQ(host.iommu_kind, "dmar");
  EXPECT_EQ(host.interrupt_remapping, Known::yes);
  EXPECT_EQ(host.vfio, VfioModule::loadable);
  const PciDevice* gpu = host.find("0000:65:00.0");
  ASSERT_NE(gpu, nullptr);
  EXPECT_TRUE(gpu->is_accelerator());
  EXPECT_THAT(gpu->vendor_name, ::testing::HasSubstr("NVIDIA"));
  EXPECT_THAT(gpu->device_name, ::testing::HasSubstr("H100"));
  EXPECT_EQ(gpu->class_name, "3D controller");
  EXPECT_EQ(gpu->driver, "nvidia");
  EXPECT_EQ(gpu->driver_override, "");
  EXPECT_EQ(gpu->iommu_group, 27);
  EXPECT_EQ(gpu->numa_node, 1);
  EXPECT_THAT(gpu->reset_methods, ElementsAre("flr", "bus"));
  ASSERT_THAT(gpu->bars, SizeIs(3));
  EXPECT_EQ(gpu->bars[1].size, 128ULL << 30);
  EXPECT_TRUE(gpu->bars[1].wide && gpu->bars[1].prefetchable && gpu->bars[1].memory);
  EXPECT_EQ(gpu->virtual_functions_most, 20);
  ASSERT_THAT(gpu->mediated, SizeIs(1));
  EXPECT_EQ(gpu->mediated[0].available, 16);
  ASSERT_THAT(gpu->users, SizeIs(1)) << "one process with two descriptors of one file is one user";
  EXPECT_EQ(gpu->users[0].pid, 4242);
  EXPECT_EQ(gpu->users[0].program, "python3");
  EXPECT_EQ(gpu->users[0].file, "nvidia0");
  EXPECT_THAT(host.doubts, IsEmpty());
}

TEST(Discover, ALaptopsTwoGpus) {
  const RecordedTree recorded("laptop");
  const Inventory host = discover(SysfsTree(recorded.root()), nullptr);
  EXPECT_FALSE(host.iommu);
  EXPECT_EQ(host.interrupt_remapping, Known::no);
  EXPECT_EQ(host.vfio, VfioModule::there);
  const PciDevice* own = host.find("0000:00:02.0");
  ASSERT_NE(own, nullptr);
  EXPECT_TRUE(own->boot_display);
  EXPECT_TRUE(own->framebuffer);
  EXPECT_THAT(own->files, ElementsAre("dri/card0", "dri/renderD128", "fb0")) << "a connector is no device file";
  ASSERT_THAT(own->users, SizeIs(1));
  EXPECT_EQ(own->users[0].program, "Xorg");
  EXPECT_FALSE(own->bars.at(2).memory);
  const PciDevice* other = host.find("0000:01:00.0");
  ASSERT_NE(other, nullptr);
  EXPECT_THAT(other->users, IsEmpty());
  EXPECT_EQ(other->iommu_group, std::nullopt);
  EXPECT_FALSE(host.find("0000:01:00.1")->is_accelerator());
}

TEST(Discover, FunctionsOfOneThatSharesItself) {
  const RecordedTree recorded("shared");
  const Inventory host = discover(SysfsTree(recorded.root()), nullptr);
  EXPECT_EQ(host.find("0000:05:00.0")->virtual_functions, 2);
  EXPECT_EQ(host.find("0000:05:00.2")->physical_function, "0000:05:00.0");
  EXPECT_EQ(host.vfio, VfioModule::missing);
  EXPECT_TRUE(host.amd_processor);
  EXPECT_THAT(host.group(*host.find("0000:03:00.0")), SizeIs(5));
}

TEST(Discover, AHostWithoutABusHasNothing) {
  const RecordedTree empty;
  const Inventory host = discover(SysfsTree(empty.root()), nullptr);
  EXPECT_THAT(host.devices, IsEmpty());
  EXPECT_FALSE(host.iommu);
  EXPECT_EQ(host.interrupt_remapping, Known::unknown);
}

// A tree that somebody sent: nothing outside of it is read, nothing hangs, nothing grows.
TEST(Discover, HostileTrees) {
  RecordedTree outside;
  outside.add("F vendor 0x1234\nF class 0x030000");
  RecordedTree recorded("h100");
  const std::string gpu = "sys/devices/pci0000:64/0000:64:01.0/0000:65:00.0/";
  const fs::path folder = recorded.root() / gpu;
  recorded.add("L sys/bus/pci/devices/0000:66:00.0 " + outside.root().string());  // out of the tree
  recorded.add("L sys/bus/pci/devices/0000:67:00.0 ../../../../../../../../../.." + outside.root().string());
  recorded.add("L sys/bus/pci/devices/0000:68:00.0 0000:68:00.0");  // to itself
  recorded.add("D sys/bus/pci/devices/not-an-address\nD sys/bus/pci/devices/0000:69:00.9");
  recorded.add("L " + gpu + "driver /etc/passwd\\n0x1");
  recorded.add("L " + gpu + "iommu_group ../../99999999999999999999");
  recorded.add("F " + gpu + "numa_node 999999999999\nF " + gpu + "sriov_numvfs -7\nF " + gpu + "sriov_totalvfs lots");
  recorded.add("F " + gpu +
               "resource garbage\\n0x5 0x4 0x200\\n0x0 0xffffffffffffffff 0x200\\n0x1 0x2\\n0xzz 0x3 0x200");
  recorded.add("F " + gpu + "reset_method ../../x $(reboot) flr");
  fs::remove(folder / "boot_vga");
  ASSERT_EQ(::mkfifo((folder / "boot_vga").c_str(), 0600), 0);  // nobody ever writes to it
  ASSERT_TRUE(write_file_atomic(folder / "mdev_supported_types/nvidia-1130/name", std::string(8U << 20, 'x')).ok());
  ASSERT_TRUE(write_file_atomic(recorded.root() / "proc/4242/comm", "\x1b[31mred\n").ok());
  const Inventory host = discover(SysfsTree(recorded.root()), nullptr);
  ASSERT_THAT(host.devices, SizeIs(2)) << "the port and the GPU";
  const PciDevice* found = host.find("0000:65:00.0");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->driver, "");
  EXPECT_EQ(found->iommu_group, std::nullopt);
  EXPECT_EQ(found->numa_node, std::nullopt);
  EXPECT_EQ(found->virtual_functions, 0);
  EXPECT_EQ(found->virtual_functions_most, 0);
  EXPECT_FALSE(found->boot_display);
  EXPECT_THAT(found->reset_methods, ElementsAre("flr"));
  EXPECT_LE(found->bars.size(), 1U);
  EXPECT_LE(found->mediated.at(0).name.size(), 256U);
  for (const auto& user : found->users) EXPECT_EQ(user.program.find('\x1b'), std::string::npos);
}

TEST(PciAddress, ReadsBothForms) {
  EXPECT_EQ(parse_pci_address("0000:01:00.0"), "0000:01:00.0");
  EXPECT_EQ(parse_pci_address("0A:1f.7"), "0000:0a:1f.7");
  for (const char* wrong : {"", "0000:01:00.8", "01:00", "0000-01-00.0", "0000:01:00.00", "gggg:01:00.0", "../../x"}) {
    EXPECT_EQ(parse_pci_address(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace aios::passthrough
