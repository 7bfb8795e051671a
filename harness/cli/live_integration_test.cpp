// SPDX-License-Identifier: Apache-2.0
// What a person sees while `run` goes on: on a terminal (a real pty), and as plain lines in CI.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/tiny_history.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Everything that a terminal of 100 columns was sent.
std::string seen_on_a_terminal(std::vector<std::string> words, std::map<std::string, std::string> env) {
  const UniqueFd terminal(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_TRUE(grantpt(terminal.get()) == 0 && unlockpt(terminal.get()) == 0);
  const winsize size{.ws_row = 40, .ws_col = 100, .ws_xpixel = 0, .ws_ypixel = 0};
  ioctl(terminal.get(), TIOCSWINSZ, &size);
  char name[64];
  EXPECT_EQ(ptsname_r(terminal.get(), name, sizeof name), 0);
  UniqueFd theirs(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  words.insert(words.begin(), bench_program());
  env["CI"] = "";
  auto child = Child::spawn({.argv = words, .env = env, .stdout_fd = theirs.get(), .stderr_fd = theirs.get()});
  EXPECT_TRUE(child.ok());
  theirs = {};
  std::string all;
  char buffer[4096];
  for (ssize_t got = 0; (got = read(terminal.get(), buffer, sizeof buffer)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(got));
  }
  EXPECT_TRUE(child->wait().success()) << all;
  return all;
}

TEST(Live, ATerminalShowsThePlanWhereEachBootIsAndWhatCameOut) {
  TinyHistory tiny;
  const std::vector<std::string> run = {"run", "tiny", "--scenario", "syscall", "--perturb", "2", "--follow"};
  const std::string first = seen_on_a_terminal(run, tiny.environment());
  EXPECT_THAT(first, HasSubstr("tiny: 3 boots on qemu-exact (exact): syscall; 2 null changes\r\n"));
  EXPECT_THAT(first, HasSubstr("boot 1 of 3: syscall"));
  EXPECT_THAT(first, HasSubstr("/3 syscall: "));              // the live line: how many are done, and where it is
  EXPECT_THAT(first, HasSubstr("] syscall: syscall.null "));  // a boot's figures, when it is over
  // The guest's console, line by line with where it comes from, and nothing that the terminal would obey.
  EXPECT_THAT(first, HasSubstr("    | syscall: what a terminal must not obey\r\n"));
  EXPECT_THAT(first, Not(HasSubstr("\x1b[31mwhat")));
  // The live line is gone before the results stand there.
  const auto result = first.find("exact (exact), 3 boots");
  ASSERT_NE(result, std::string::npos) << first;
  const auto redrawn = first.rfind("\r\x1b[K");
  EXPECT_LT(redrawn, result);
  EXPECT_THAT(first.substr(redrawn, result - redrawn), Not(HasSubstr(", for ")));

  const std::string second = seen_on_a_terminal(run, tiny.environment());
  EXPECT_THAT(second, HasSubstr("; about "));  // by the run before
}

TEST(Live, InCiTheSameAsPlainLines) {
  TinyHistory tiny;
  const Captured got = bench({"run", "tiny", "--scenario", "syscall", "--perturb", "1"}, tiny.environment());
  EXPECT_THAT(got.err, HasSubstr("tiny: 2 boots on qemu-exact (exact): syscall; 1 null change\n"));
  EXPECT_THAT(got.err, HasSubstr("] syscall: syscall.null "));
  EXPECT_THAT(got.err, Not(HasSubstr("\x1b")));
  EXPECT_THAT(got.err, Not(HasSubstr("\r")));
  EXPECT_EQ(bench({"run", "tiny", "--scenario", "syscall", "--quiet"}, tiny.environment()).err, "");
}

}  // namespace
}  // namespace aios
