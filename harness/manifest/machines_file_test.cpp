// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/machines_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/machine_settings.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class MachinesFile : public ::testing::Test {
 protected:
  MachinesFile() {
    MachineSpec exact;
    exact.name = "libvirt-exact";
    exact.backend = "libvirt";
    exact.accelerator = "tcg-icount";
    exact.abilities = {"boot", "exact", "counts", "snapshot"};
    exact.libvirt.emplace();
    known_.push_back(exact);
  }

  Result<std::vector<MachineSpec>> read(const std::string& text) {
    EXPECT_TRUE(write_file_atomic(file(), text).ok());
    return add_machines_file(known_, file());
  }
  fs::path file() const { return scratch_.path() / "machines.toml"; }
  std::string refusal(const std::string& text) {
    const auto got = read(text);
    EXPECT_FALSE(got.ok());
    return got.ok() ? "" : got.error().describe();
  }

  ScratchFolder scratch_ = ScratchFolder::create("machines-file").value();
  std::vector<MachineSpec> known_;
};

TEST_F(MachinesFile, SaysHowAMachineDiffersFromAKnownOne) {
  const auto got = read(R"(
[machine.lab]
like = "libvirt-exact"
accelerator = "kvm"
cpus = 4
pass_through = ["01:00.0", "0000:01:00.1"]
[machine.lab.libvirt]
uri = "qemu+ssh://lab/system"
pins = { 0 = "2", 3 = "4-5" }
numa = [{ cpus = "0-1", memory_mb = 128, host_nodes = "0" }, { cpus = "2-3", memory_mb = 128 }]
hugepages = "2M"
virtio = ["rng"]
disk = [{ source = "/dev/sdb", kind = "block", cache = "none" }]
network = [{ kind = "bridge", source = "br0" }]
)");
  ASSERT_TRUE(got.ok()) << got.error().describe();
  ASSERT_EQ(got->size(), 2U);
  const MachineSpec& lab = got->back();
  EXPECT_EQ(lab.name, "lab");
  EXPECT_EQ(lab.backend, "libvirt");
  EXPECT_EQ(lab.fidelity, Fidelity::timed);
  EXPECT_EQ(lab.abilities, (std::set<std::string>{"boot", "gpu", "smp", "timed"}));
  EXPECT_THAT(lab.pass_through, ElementsAre("0000:01:00.0", "0000:01:00.1"));
  ASSERT_TRUE(lab.libvirt);
  EXPECT_EQ(lab.libvirt->pins, (std::map<int, std::string>{{0, "2"}, {3, "4-5"}}));
  EXPECT_EQ(lab.libvirt->numa.size(), 2U);
  EXPECT_EQ(lab.libvirt->disks.front().kind, "block");
  EXPECT_EQ(lab.libvirt->networks.front().source, "br0");
  const auto words = machine_settings(lab);
  EXPECT_EQ(words.at("libvirt uri"), "qemu+ssh://lab/system");
  EXPECT_EQ(words.at("libvirt pin 3"), "4-5");
  EXPECT_EQ(words.at("defined in"), file().string());
}

TEST_F(MachinesFile, NearerOnesReplaceTheirNamesakes) {
  const auto got = read(
      "[machine.libvirt-exact]\nlike = \"libvirt-exact\"\nmemory_mb = 512\n"
      "[machine.b]\nlike = \"a\"\n[machine.a]\nlike = \"libvirt-exact\"\ncpu_model = \"Haswell\"\n");
  ASSERT_TRUE(got.ok()) << got.error().describe();
  ASSERT_EQ(got->size(), 3U);
  EXPECT_EQ(got->at(0).memory_mb, 512);
  EXPECT_EQ(got->at(0).fidelity, Fidelity::exact);
  EXPECT_EQ(got->at(2).name, "b");
  EXPECT_EQ(got->at(2).cpu_model, "Haswell");
}

TEST_F(MachinesFile, WrongKeysNameFileLineKeyAndWhatIsMeant) {
  EXPECT_THAT(
      refusal("[machine.a]\nlike = \"libvirt-exact\"\nmemory_md = 3\n"),
      AllOf(HasSubstr("machines.toml:3"), HasSubstr("machine.a.memory_md"), HasSubstr("did you mean 'memory_mb'")));
  EXPECT_THAT(refusal("[machine.a]\nlike = \"libvirt-exact\"\n[machine.a.libvirt]\nhugepage = \"2M\"\n"),
              AllOf(HasSubstr("machines.toml:4"), HasSubstr("did you mean 'hugepages'")));
  EXPECT_THAT(refusal("[machine.a]\nlike = \"libvirt-exat\"\n"),
              AllOf(HasSubstr("machines.toml:2"), HasSubstr("did you mean 'libvirt-exact'")));
  EXPECT_THAT(refusal("[machine.a]\nlike = \"libvirt-exact\"\npass_throuhg = []\n"),
              HasSubstr("did you mean 'pass_through'"));
  EXPECT_THAT(refusal("[machin.a]\n"), HasSubstr("did you mean 'machine'"));
  EXPECT_THAT(refusal("[machine.a]\nmemory_mb = 3\n"), HasSubstr("neither what it is like nor its back end"));
  EXPECT_THAT(refusal("[machine.a]\nlike = \"b\"\n[machine.b]\nlike = \"a\"\n"), HasSubstr("like the other"));
  EXPECT_THAT(refusal("[machine.\"a b\"]\nlike = \"libvirt-exact\"\n"), HasSubstr("no name for a machine"));
  EXPECT_THAT(refusal("[machine.a]\nlike = \"libvirt-exact\"\npass_through = [\"1:0\"]\n"),
              HasSubstr("no PCI address"));
  EXPECT_THAT(refusal("[machine.a]\nlike = \"libvirt-exact\"\n[machine.a.libvirt]\nuri = \"lab\"\n"),
              HasSubstr("no URI of libvirt"));
  EXPECT_THAT(refusal("[machine.a]\nlike = \"libvirt-exact\"\n[machine.a.libvirt.pins]\nx = \"1\"\n"),
              HasSubstr("no processor of the guest"));
}

TEST_F(MachinesFile, AFidelityThatTheAcceleratorCannotGiveIsRefused) {
  EXPECT_THAT(refusal("[machine.a]\nlike = \"libvirt-exact\"\naccelerator = \"tcg\"\nfidelity = \"timed\"\n"),
              AllOf(HasSubstr("'timed' is more, or other"), HasSubstr("it gives 'bounded'")));
  EXPECT_TRUE(read("[machine.a]\nlike = \"libvirt-exact\"\nfidelity = \"counted\"\n").ok());
}

TEST_F(MachinesFile, TheProjectsFileLiesInsideOfItsRepository) {
  const fs::path top = scratch_.path() / "repo", deep = top / "a" / "b";
  ASSERT_TRUE(make_folders(deep).ok());
  ASSERT_TRUE(write_file_atomic(scratch_.path() / "machines.toml", "").ok());
  EXPECT_EQ(project_machines_file(deep), "");  // a stranger's
  ASSERT_TRUE(make_folders(top / ".git").ok());
  EXPECT_EQ(project_machines_file(deep), "");
  ASSERT_TRUE(write_file_atomic(top / "machines.toml", "").ok());
  EXPECT_EQ(project_machines_file(deep), top / "machines.toml");
  ASSERT_TRUE(write_file_atomic(deep / "machines.toml", "").ok());
  EXPECT_EQ(project_machines_file(deep), deep / "machines.toml");
}

}  // namespace
}  // namespace aios
