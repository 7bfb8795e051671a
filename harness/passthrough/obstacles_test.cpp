// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/obstacles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/passthrough/discover.h"
#include "harness/passthrough/testing/recorded_tree.h"

namespace aios::passthrough {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::map<ObstacleKind, Obstacle> in_the_way(const RecordedTree& recorded, const std::string& address) {
  const Inventory host = discover(SysfsTree(recorded.root()), nullptr);
  std::map<ObstacleKind, Obstacle> found;
  for (auto& obstacle : obstacles(host, *host.find(address))) found[obstacle.kind] = obstacle;
  return found;
}

TEST(Obstacles, OnlyTheProgramThatComputesIsInTheWayOfTheH100) {
  RecordedTree recorded("h100");
  auto found = in_the_way(recorded, "0000:65:00.0");
  ASSERT_EQ(found.size(), 1U);
  const Obstacle& use = found.at(ObstacleKind::in_use);
  EXPECT_TRUE(use.blocks);
  EXPECT_THAT(use.what, HasSubstr("python3 (pid 4242, /dev/nvidia0)"));
  EXPECT_EQ(use.command, "kill 4242");
  fs::remove_all(recorded.root() / "proc/4242");
  EXPECT_THAT(in_the_way(recorded, "0000:65:00.0"), IsEmpty());
}

TEST(Obstacles, ALaptopsScreenIsInUseAndItsIommuOff) {
  const RecordedTree recorded("laptop");
  auto own = in_the_way(recorded, "0000:00:02.0");
  EXPECT_TRUE(own.at(ObstacleKind::display).blocks);
  EXPECT_THAT(own.at(ObstacleKind::display).command, HasSubstr("vtconsole"));
  EXPECT_THAT(own.at(ObstacleKind::in_use).command, HasSubstr("isolate multi-user.target"));
  EXPECT_THAT(own.at(ObstacleKind::iommu_off).command, HasSubstr("intel_iommu=on"));
  auto other = in_the_way(recorded, "0000:01:00.0");
  EXPECT_EQ(other.size(), 1U) << "its sound goes with it, nothing draws on it";
  EXPECT_EQ(other.count(ObstacleKind::iommu_off), 1U);
}

TEST(Obstacles, AGroupIsSharedByAndTheCommandFreesIt) {
  RecordedTree recorded("shared");
  auto found = in_the_way(recorded, "0000:03:00.0");
  const Obstacle& shared = found.at(ObstacleKind::group_shared);
  EXPECT_THAT(shared.what, HasSubstr("0000:04:00.0 (igb)"));
  EXPECT_THAT(shared.what, Not(HasSubstr("0000:03:00.1"))) << "a function of the card itself";
  EXPECT_THAT(shared.what, Not(HasSubstr("0000:00:01.1"))) << "a bridge may stay with the host";
  EXPECT_EQ(shared.command, "echo 0000:04:00.0 > /sys/bus/pci/devices/0000:04:00.0/driver/unbind");
  EXPECT_TRUE(found.at(ObstacleKind::no_interrupt_remapping).blocks);
  EXPECT_TRUE(found.at(ObstacleKind::no_vfio_module).blocks);
  EXPECT_FALSE(found.at(ObstacleKind::no_reset).blocks);
  EXPECT_THAT(in_the_way(recorded, "0000:05:00.0").at(ObstacleKind::virtual_functions).command,
              HasSubstr("echo 0 > /sys/bus/pci/devices/0000:05:00.0/sriov_numvfs"));
  // What each command would leave behind.
  fs::remove(recorded.root() / "sys/devices/pci0000:00/0000:00:01.1/0000:04:00.0/driver");
  recorded.add("F sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts Y\nD sys/bus/pci/drivers/vfio-pci");
  found = in_the_way(recorded, "0000:03:00.0");
  EXPECT_EQ(found.size(), 1U);
  EXPECT_EQ(found.count(ObstacleKind::no_reset), 1U);
}

TEST(Obstacles, AllFunctionsOfACardGoTogether) {
  const RecordedTree recorded("shared");
  const Inventory host = discover(SysfsTree(recorded.root()), nullptr);
  std::vector<std::string> names;
  for (const auto* part : goes_together(host, *host.find("0000:03:00.1"))) names.push_back(part->address);
  EXPECT_THAT(names, ElementsAre("0000:03:00.0", "0000:03:00.1"));
}

}  // namespace
}  // namespace aios::passthrough
