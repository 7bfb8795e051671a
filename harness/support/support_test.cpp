// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "harness/support/hash.h"
#include "harness/support/json.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

Result<int> half(int number) {
  if (number % 2 != 0) return config_error("odd", "half", "give an even number");
  return number / 2;
}

Result<int> quarter(int number) { return TRY(half(TRY(half(number)))); }

TEST(Result, TryHandsTheErrorOn) {
  EXPECT_EQ(quarter(8).value(), 2);
  const auto error = quarter(6).error();
  EXPECT_EQ(error.kind, ErrorKind::config);
  EXPECT_EQ(error.describe(), "half: odd\n  hint: give an even number");
}

TEST(Result, WrapKeepsKindAndHint) {
  const Error error = std::move(quarter(6).error()).wrap("cannot quarter 6", "quarter");
  EXPECT_EQ(error.kind, ErrorKind::config);
  EXPECT_EQ(error.describe(), "quarter: cannot quarter 6\n  because: half: odd\n  hint: give an even number");
}

TEST(Result, AFullDiskHasAHint) {
  EXPECT_THAT(system_error("cannot write", "x", ENOSPC).describe(), HasSubstr("aios-bench gc"));
}

TEST(Hash, KnownValues) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(crc32("123456789"), 0xcbf43926U);
  EXPECT_NE(Sha256().field("ab").field("c").hex(), Sha256().field("a").field("bc").hex());
}

TEST(Text, Suggests) {
  EXPECT_EQ(suggest("fragmnets", {"fragments", "patches"}), "fragments");
  EXPECT_EQ(suggest("zzz", {"fragments", "patches"}), "");
}

TEST(Text, TerminalEscapesDie) {
  EXPECT_EQ(printable("a\x1b[31mb\tc\x9b\xc2\x9b z\xc3\xa4"), "a\\x1b[31mb\tc\\x9b\\xc2\\x9b z\xc3\xa4");
  EXPECT_EQ(printable("\xe2\x80\xae\xe2\x82\xac"), "\\xe2\\x80\\xae\xe2\x82\xac");  // right-to-left override; a euro
  EXPECT_EQ(html_escape("<b a='1'>&"), "&lt;b a=&#39;1&#39;&gt;&amp;");
}

TEST(Text, GroupsDigits) {
  EXPECT_EQ(group_digits(1234567), "1,234,567");
  EXPECT_EQ(group_digits(-123), "-123");
  EXPECT_EQ(group_digits(-1234), "-1,234");
}

TEST(Json, BoundsDepthAndReplacesBadBytes) {
  EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']'), "test").ok());
  EXPECT_FALSE(parse_json("{", "test").ok());
  EXPECT_NO_THROW(dump_json(Json{{"a", "\xff"}}));
}

TEST(Files, AtomicWriteAndLimit) {
  const auto folder = ScratchFolder::create().value();
  const auto path = folder.path() / "a";
  ASSERT_TRUE(write_file_atomic(path, "hello").ok());
  EXPECT_EQ(read_file(path).value(), "hello");
  EXPECT_EQ(read_file(path, 4).error().kind, ErrorKind::config);
  EXPECT_EQ(read_file(folder.path() / "none").error().kind, ErrorKind::config);
}

TEST(Files, ScratchFolderVanishes) {
  fs::path path;
  {
    const auto folder = ScratchFolder::create().value();
    path = folder.path();
    EXPECT_TRUE(fs::exists(path));
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(Files, LockIsHeldOnce) {
  const auto folder = ScratchFolder::create().value();
  auto first = FileLock::acquire(folder.path() / "lock");
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(FileLock::try_acquire(folder.path() / "lock").value().has_value());
}

TEST(Process, CapturesBothStreamsAndLines) {
  std::vector<std::string> lines;
  CaptureOptions options;
  options.on_line = [&](std::string_view line) { lines.emplace_back(line); };
  options.merge_stderr = true;
  const auto got = run_command({.argv = {"sh", "-c", "echo one; echo two >&2; printf three; exit 3"}}, options).value();
  EXPECT_EQ(got.exit.code, 3);
  EXPECT_THAT(lines, ::testing::ElementsAre("one", "two", "three"));
}

TEST(Process, MissingProgramIsConfig) {
  EXPECT_EQ(run_command({.argv = {"no-such-program-here"}}).error().kind, ErrorKind::config);
}

TEST(Process, TimeoutKillsTheWholeGroup) {
  CaptureOptions options;
  options.timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(run_command({.argv = {"sh", "-c", "sleep 60 & sleep 60"}}, options).error().kind, ErrorKind::infra_fault);
}

TEST(Process, CancelEndsIt) {
  CancelToken cancel;
  CaptureOptions options;
  options.cancel = &cancel;
  options.on_line = [&](std::string_view) { cancel.cancel(); };
  EXPECT_EQ(run_command({.argv = {"sh", "-c", "echo go; sleep 60"}}, options).error().kind, ErrorKind::interrupted);
}

TEST(Process, AGrandchildThatKeepsTheStreamDoesNotKeepUs) {
  const SystemClock clock;
  const Duration start = clock.monotonic();
  const auto got = run_command({.argv = {"sh", "-c", "sleep 30 & echo $!"}}).value();
  EXPECT_LT(seconds(clock.monotonic() - start), 10);
  ::kill(std::stoi(got.out), SIGKILL);
}

TEST(Process, OutputIsBounded) {
  CaptureOptions options;
  options.limit = 1000;
  const auto got = run_command({.argv = {"sh", "-c", "head -c 100000 /dev/zero"}}, options).value();
  EXPECT_EQ(got.out.size(), 1000U);
  EXPECT_TRUE(got.exit.success());
}

TEST(Process, ShellLineQuotes) {
  EXPECT_EQ((Command{.argv = {"a", "b c", "it's"}}).shell_line(), "a 'b c' 'it'\\''s'");
}

TEST(Clock, DeadlineOnAManualClock) {
  ManualClock clock;
  const Deadline deadline(clock, std::chrono::seconds(2));
  EXPECT_FALSE(deadline.passed());
  EXPECT_EQ(deadline.left_ms(), 2000);
  clock.advance(std::chrono::seconds(2));
  EXPECT_TRUE(deadline.passed());
  EXPECT_EQ(utc_time(0), "1970-01-01T00:00:00Z");
}

}  // namespace
}  // namespace aios
