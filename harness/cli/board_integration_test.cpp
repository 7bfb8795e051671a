// SPDX-License-Identifier: Apache-2.0
// A board end to end: openipmi's ipmi_sim is the BMC, QEMU the board, iPXE its firmware (see
// harness/machine/board/testing/simulated-board). Powered over IPMI, booted over TFTP and HTTP, read by serial over
// LAN.
#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include <charconv>
#include <functional>

#include "harness/cli/testing/bench_program.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Below 32768: libipmiconsole takes no higher one for a port.
int some_port(int type) {
  for (int port = 20000 + ::getpid() % 10000; port < 32000; ++port) {
    const UniqueFd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    here.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here) == 0) return port;
  }
  return 0;
}

bool comes_true(const std::function<bool()>& what, int seconds = 60) {
  for (int i = 0; i < seconds * 20; ++i) {
    if (what()) return true;
    ::poll(nullptr, 0, 50);
  }
  return false;
}

pid_t pid_in(const fs::path& file) {
  const auto text = read_file(file);
  int pid = 0;
  if (text.ok()) std::from_chars(text->data(), text->data() + text->size(), pid);
  return pid;
}

class OnBoard : public ::testing::Test {
 protected:
  void SetUp() override {
    if (find_program("ipmi_sim").empty()) GTEST_SKIP() << "openipmi is not installed";
    const int bmc = some_port(SOCK_DGRAM), line = some_port(SOCK_STREAM);
    tftp_ = bmc + 1;
    const fs::path script = fs::path(AIOS_SOURCE_DIR) / "harness/machine/board/testing/simulated-board";
    auto started = Child::spawn({.argv = {script.string(), sim_.string(), std::to_string(bmc), std::to_string(line),
                                          fmt::format("tftp://10.0.2.2:{}/aios.ipxe", tftp_)}});
    ASSERT_TRUE(started.ok());
    board_.emplace(std::move(*started));
    ASSERT_TRUE(comes_true([&] { return pid_in(sim_ / "sim.pid") > 0; }));
    const std::string text = fmt::format(R"([machine.testboard]
backend = "board"
description = "ipmi_sim and QEMU"
fidelity = "timed"
abilities = ["boot", "guest_program", "timed", "power"]
deadline_scale = 8
[machine.testboard.board]
lock_folder = "{0}/locks"
conditions = {{ governor = "performance", clock_source = "tsc" }}
[machine.testboard.board.power]
kind = "ipmi"
host = "127.0.0.1"
port = {1}
user = "admin"
password = "env:BOARD_PASSWORD"
workarounds = ["opensesspriv"]
timeout_seconds = 2
settle_seconds = 10
watch_seconds = 0.5
[machine.testboard.board.console]
kind = "ipmi"
[machine.testboard.board.boot]
reach = "10.0.2.2"
tftp_port = {2}
)",
                                         folder_.path().string(), bmc, tftp_);
    ASSERT_TRUE(write_file_atomic(machines_, text).ok());
    // The BMC takes a moment until it answers.
    ASSERT_TRUE(comes_true([&] {
      return bench({"doctor", "--machines", machines_.string()}, env_).out.find("the board is off") !=
             std::string::npos;
    }));
  }
  void TearDown() override {
    if (board_) {
      ::kill(pid_in(sim_ / "sim.pid"), SIGCONT);
      board_->signal_group(SIGTERM);
      comes_true([&] { return board_->poll().has_value(); }, 5);
    }
  }

  std::vector<std::string> run_words() const {
    return {"run", "aios",      "--scenario", "boot",       "--boots",
            "1",   "--machine", "testboard",  "--machines", machines_.string()};
  }
  bool is_on() const {
    const pid_t pid = pid_in(sim_ / "qemu.pid");
    return pid > 0 && ::kill(pid, 0) == 0;
  }
  Child start_run(const fs::path& said) const {
    auto words = run_words();
    words.insert(words.begin(), bench_program());
    auto env = env_;
    env["CI"] = "true";
    const UniqueFd out(::open(said.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    return Child::spawn({.argv = words, .env = env, .stdout_fd = out.get(), .stderr_fd = out.get()}).value();
  }

  ScratchFolder folder_ = ScratchFolder::create().value();
  fs::path sim_ = folder_.path() / "sim", machines_ = folder_.path() / "lab.toml", said_ = folder_.path() / "said";
  int tftp_ = 0;
  std::optional<Child> board_;
  std::map<std::string, std::string> env_{{"BOARD_PASSWORD", "benchpw"}};
};

TEST_F(OnBoard, BootedByTheNetworkAndReadOverTheLan) {
  auto words = run_words();
  words.emplace_back("--json");
  const Json run = bench_json(words, 0, env_);
  EXPECT_EQ(run.value("outcome", ""), "complete");
  std::map<std::string, double> found;
  for (const auto& sample : run.at("samples")) found[sample.value("metric", "")] = sample.value("value", 0.0);
  for (const char* part : {"power", "firmware", "network", "kernel"}) {
    EXPECT_GT(found[std::string("boot.wall_") + part], 0) << part;
  }
  const std::string notes = run.at("boots").at(0).at("notes").dump();
  EXPECT_THAT(notes, HasSubstr("condition clock_source set tsc"));
  EXPECT_THAT(notes, HasSubstr("condition governor not there"));
  EXPECT_THAT(run.dump(), Not(HasSubstr("benchpw")));
  EXPECT_FALSE(is_on());
  const Json boards = bench_json({"boards", "--json", "--machines", machines_.string()}, 0, env_);
  EXPECT_EQ(boards.at("boards").at(0).value("state", ""), "free");
}

TEST_F(OnBoard, AWrongPasswordIsAMistakeInTheConfiguration) {
  env_["BOARD_PASSWORD"] = "not-the-one";
  const Captured got = bench(run_words(), env_);
  EXPECT_EQ(got.exit.code, 2) << got.err;
  EXPECT_THAT(got.err, HasSubstr("refuses user 'admin'"));
  EXPECT_THAT(got.err, HasSubstr("env:BOARD_PASSWORD"));
  EXPECT_THAT(got.err, Not(HasSubstr("not-the-one")));
  env_.erase("BOARD_PASSWORD");
  EXPECT_THAT(bench(run_words(), env_).err, HasSubstr("BOARD_PASSWORD is not set"));
}

TEST_F(OnBoard, ATakenPortIsTheLabs) {
  const UniqueFd taken(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(tftp_));
  ASSERT_EQ(::bind(taken.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const Captured got = bench(run_words(), env_);
  EXPECT_EQ(got.exit.code, 3) << got.err;
  EXPECT_THAT(got.err, HasSubstr("TFTP port is taken"));
  EXPECT_FALSE(is_on());
}

TEST_F(OnBoard, ABmcThatStopsAnsweringIsTheLabsAndTheNextCommandFinishes) {
  Child run = start_run(said_);
  ASSERT_TRUE(comes_true([&] { return is_on(); }));
  ::kill(pid_in(sim_ / "sim.pid"), SIGSTOP);
  ASSERT_TRUE(comes_true([&] { return run.poll().has_value(); }));
  EXPECT_EQ(run.wait().code, 3);
  EXPECT_THAT(read_file(said_).value(), HasSubstr("does not answer"));
  ::kill(pid_in(sim_ / "sim.pid"), SIGCONT);
  const Captured next = bench({"doctor", "--json", "--machines", machines_.string()}, env_);
  EXPECT_THAT(next.out, HasSubstr("switched off"));
  EXPECT_FALSE(is_on());
}

TEST_F(OnBoard, TheNextCommandFinishesWhatAKilledHarnessLeft) {
  Child run = start_run(said_);
  ASSERT_TRUE(comes_true([&] { return is_on(); }));
  run.kill_and_wait();
  EXPECT_TRUE(is_on());
  const Captured listed = bench({"boards", "--machines", machines_.string()}, env_);
  EXPECT_THAT(listed.out, HasSubstr("left"));
  const Captured next = bench({"boards", "unlock", "testboard", "--machines", machines_.string()}, env_);
  EXPECT_EQ(next.exit.code, 0) << next.err;
  EXPECT_FALSE(is_on());
}

TEST_F(OnBoard, CtrlCLeavesTheBoardOff) {
  Child run = start_run(said_);
  ASSERT_TRUE(comes_true([&] { return is_on(); }));
  ::kill(run.pid(), SIGINT);
  ASSERT_TRUE(comes_true([&] { return run.poll().has_value(); }));
  EXPECT_EQ(run.wait().code, 130);
  EXPECT_FALSE(is_on());
}

}  // namespace
}  // namespace aios
