// SPDX-License-Identifier: Apache-2.0
// Machines of a file, from end to end: found, refused, and booted under a libvirtd of the test's own, with the figures
// of the machine that starts QEMU itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/machine/libvirt/testing/own_daemon.h"

namespace aios {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class MachinesOfAFile : public ::testing::Test {
 protected:
  Captured with(const std::string& text, std::vector<std::string> words) {
    EXPECT_TRUE(write_file_atomic(file(), text).ok());
    words.insert(words.end(), {"--machines", file().string()});
    return bench(std::move(words), {{"XDG_CONFIG_HOME", scratch_.path().string()}});
  }
  fs::path file() const { return scratch_.path() / "machines.toml"; }

  ScratchFolder scratch_ = ScratchFolder::create("machines-test").value();
};

TEST_F(MachinesOfAFile, AreListedAndWrongKeysAreNamed) {
  Captured got = with("[machine.lab]\nlike = \"qemu-exact\"\nmemory_mb = 512\n", {"list", "machines", "--names"});
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.out, AllOf(HasSubstr("\nlab\n"), HasSubstr("libvirt-exact\n")));
  got = with("[machine.lab]\nlike = \"qemu-exact\"\nmemory_md = 512\n", {"run", "debian", "--machine", "lab"});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, AllOf(HasSubstr("machines.toml:3"), HasSubstr("did you mean 'memory_mb'")));
  got = with("", {"run", "debian", "--machine", "libvrt"});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("did you mean 'libvirt'"));
}

TEST_F(MachinesOfAFile, NoDaemonIsTheLabsFaultAndSaysHowToStartOne) {
  const std::string text =
      "[machine.lab]\nlike = \"libvirt\"\n[machine.lab.libvirt]\nuri = "
      "\"qemu+unix:///session?socket=/nonexistent/socket\"\n";
  const Captured got = with(text, {"run", "debian", "--scenario", "boot", "--boots", "1", "--machine", "lab"});
  EXPECT_EQ(got.exit.code, 3);
  EXPECT_THAT(got.err, HasSubstr("libvirtd --daemon"));
  EXPECT_THAT(with(text, {"doctor"}).out, HasSubstr("no libvirt answers"));
}

TEST_F(MachinesOfAFile, LibvirtCountsWhatQemuCounts) {
  if (!libvirt::OwnDaemon::possible()) GTEST_SKIP() << "libvirt-daemon is not installed";
  const libvirt::OwnDaemon daemon;
  const std::string settings = ".libvirt]\nuri = \"" + daemon.uri() + "\"\n";
  const std::string text = "[machine.lab]\nlike = \"libvirt\"\n[machine.lab" + settings +
                           "[machine.lab-exact]\nlike = \"libvirt-exact\"\n[machine.lab-exact" + settings;
  const std::vector<std::string> run = {"run",        "debian",  "--scenario", "boot",
                                        "--scenario", "syscall", "--cold",     "--json"};
  const auto figures = [&](const char* machine) {
    std::vector<std::string> words = run;
    words.insert(words.end(), {"--machine", machine});
    const Captured got = with(text, words);
    EXPECT_EQ(got.exit.code, 0) << got.err;
    const auto json = parse_json(got.out, machine);
    std::map<std::string, double> out;
    if (!json.ok()) return out;
    EXPECT_EQ(json->value("fidelity", ""), "exact");
    for (const auto& sample : json->at("samples")) {
      if (sample.value("unit", "") == "instructions") out[sample.value("metric", "")] = sample.value("value", 0.0);
    }
    return out;
  };
  const auto by_qemu = figures("qemu-exact");
  EXPECT_GT(by_qemu.size(), 5U);
  EXPECT_EQ(by_qemu, figures("lab-exact"));
  const Captured timed = with(text, {"run", "debian", "--scenario", "syscall", "--boots", "1", "--machine", "lab"});
  EXPECT_EQ(timed.exit.code, 0) << timed.err;
  EXPECT_THAT(timed.out, HasSubstr("bounded"));
}

}  // namespace
}  // namespace aios
