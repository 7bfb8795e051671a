// SPDX-License-Identifier: Apache-2.0
// Bisections of the real program over a real git history, each commit built and booted: a kernel that takes a second.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>
#include <thread>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/tiny_history.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

Json bisect_json(const TinyHistory& tiny, std::vector<std::string> words, int wanted_exit = 0) {
  words.insert(words.begin(), "bisect");
  words.insert(words.end(), {"--metric", "syscall.null", "tiny", "--json"});
  return bench_json(words, wanted_exit, tiny.environment());
}

TEST(TinyKernel, IsBuiltByAPlainMakeAndMeasuredByItsOwnFrames) {
  TinyHistory tiny;
  const Json run = bench_json({"run", "tiny", "--scenario", "syscall", "--json"}, 0, tiny.environment());
  ASSERT_EQ(run.at("samples").size(), 1U);
  const auto& sample = run.at("samples")[0];
  EXPECT_EQ(sample.value("metric", ""), "syscall.null");
  EXPECT_EQ(sample.value("unit", ""), "instructions");
  EXPECT_EQ(sample.value("fidelity", ""), "exact");
  const double first = sample.value("value", 0.0);
  tiny.write_part("second", 27);
  const std::string later = tiny.commit("seven more");
  const Json again =
      bench_json({"run", "tiny@" + later.substr(0, 10), "--scenario", "syscall", "--json"}, 0, tiny.environment());
  EXPECT_EQ(again.at("samples")[0].value("value", 0.0), first + 7);
}

// Forty commits: one adds 9, one 40, one takes 3 away; two do not compile, one never says anything.
TEST(Bisect, EveryStepOfFortyCommitsIsFoundAndWhatIsBrokenIsNamed) {
  TinyHistory tiny;
  const std::string good = tiny.head();
  std::string nine, forty, less;
  for (int i = 1; i <= 40; ++i) {
    tiny.write("notes.txt", fmt::format("{}\n", i));
    std::string title = fmt::format("note {}", i);
    if (i == 8) tiny.write_part("first", 29), title = "nine more";
    if (i == 19) tiny.write("second.inc", "this does not assemble\n"), title = "broken";
    if (i == 21) tiny.write_part("second", 20), title = "mended";
    if (i == 26) tiny.write_part("second", 60), title = "forty more";
    if (i == 34) tiny.write_part("third", 17), title = "three less";
    const std::string id = tiny.commit(title);
    if (i == 8) nine = id;
    if (i == 26) forty = id;
    if (i == 34) less = id;
  }
  const Json found = bisect_json(tiny, {"--good", good, "--bad", "main", "--min-step", "0"});
  EXPECT_EQ(found.value("difference", 0.0), 46);
  EXPECT_EQ(found.value("remainder", -1.0), 0);
  EXPECT_TRUE(found.value("exact", false));
  const auto& steps = found.at("steps");
  ASSERT_EQ(steps.size(), 3U) << found.dump(1);
  EXPECT_EQ(steps[0].value("commit", ""), nine);
  EXPECT_EQ(steps[0].value("size", 0.0), 9);
  EXPECT_EQ(steps[0].value("title", ""), "nine more");
  EXPECT_EQ(steps[1].value("commit", ""), forty);
  EXPECT_EQ(steps[1].value("size", 0.0), 40);
  EXPECT_EQ(steps[2].value("commit", ""), less);
  EXPECT_EQ(steps[2].value("size", 0.0), -3);
  EXPECT_LT(found.at("measured").size() + found.at("skipped").size(), 24U);
}

TEST(Bisect, ACommitBehindBrokenOnesSharesTheBlameWithThem) {
  TinyHistory tiny;
  const std::string good = tiny.head();
  tiny.write("second.inc", "this does not assemble\n");
  const std::string broken = tiny.commit("broken");
  tiny.write_part("second", 25);
  const std::string mended = tiny.commit("mended, and five more");
  const Json found = bisect_json(tiny, {"--good", good, "--bad", mended}, 4);
  ASSERT_EQ(found.at("steps").size(), 1U);
  EXPECT_EQ(found.at("steps")[0].value("commit", ""), mended);
  EXPECT_EQ(found.at("steps")[0].at("or_with"), Json::array({broken}));
  ASSERT_EQ(found.at("skipped").size(), 1U);
  EXPECT_THAT(found.at("skipped")[0].value("why", ""), HasSubstr("second.inc"));
}

TEST(Bisect, AMergedBranchIsLookedInto) {
  TinyHistory tiny;
  const std::string good = tiny.head();
  tiny.git({"checkout", "--quiet", "-b", "side"});
  tiny.write("notes.txt", "side\n");
  tiny.commit("nothing");
  tiny.write_part("third", 31);
  const std::string culprit = tiny.commit("eleven more, on a branch");
  tiny.git({"checkout", "--quiet", "main"});
  tiny.write("other.txt", "main\n");
  tiny.commit("nothing either");
  tiny.git({"merge", "--quiet", "--no-ff", "-m", "merge the side", "side"});
  const Json found = bisect_json(tiny, {"--good", good, "--bad", "main"});
  ASSERT_EQ(found.at("steps").size(), 1U);
  const auto& merge = found.at("steps")[0];
  EXPECT_EQ(merge.value("title", ""), "merge the side");
  EXPECT_EQ(merge.value("own", -1.0), 0);
  ASSERT_EQ(merge.at("inside").size(), 1U);
  EXPECT_EQ(merge.at("inside")[0].value("commit", ""), culprit);
  EXPECT_EQ(merge.at("inside")[0].value("size", 0.0), 11);
}

TEST(Bisect, KilledItGoesOnAndMeasuresNothingTwice) {
  TinyHistory tiny;
  const std::string good = tiny.head();
  std::string culprit;
  for (int i = 1; i <= 20; ++i) {
    tiny.write("notes.txt", fmt::format("{}\n", i));
    if (i == 13) tiny.write_part("first", 33);
    const std::string id = tiny.commit(fmt::format("note {}", i));
    if (i == 13) culprit = id;
  }
  // Killed as soon as two measurements are on disk.
  const pid_t child = ::fork();
  if (child == 0) {
    for (const auto& [name, value] : tiny.environment()) ::setenv(name.c_str(), value.c_str(), 1);
    std::freopen("/dev/null", "w", stdout);
    std::freopen("/dev/null", "w", stderr);
    const std::string program = bench_program();
    ::execl(program.c_str(), program.c_str(), "bisect", "--good", good.c_str(), "--bad", "main", "--metric",
            "syscall.null", "tiny", nullptr);
    ::_exit(127);
  }
  const auto lines = [&](std::string* id) {
    std::error_code code;
    for (const auto& folder : fs::directory_iterator(tiny.store() / "bisects", code)) {
      *id = folder.path().filename().string();
      std::ifstream points(folder.path() / "points.jsonl");
      return std::count(std::istreambuf_iterator<char>(points), {}, '\n');
    }
    return std::ptrdiff_t{0};
  };
  std::string id;
  for (int waited = 0; waited < 600 && lines(&id) < 2; ++waited) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  const auto before = lines(&id);
  ASSERT_GE(before, 2);
  const Json found = bench_json({"bisect", "--resume", id, "--json"}, 0, tiny.environment());
  ASSERT_EQ(found.at("steps").size(), 1U);
  EXPECT_EQ(found.at("steps")[0].value("commit", ""), culprit);
  EXPECT_EQ(found.at("steps")[0].value("size", 0.0), 13);
  std::string same;
  EXPECT_EQ(lines(&same), static_cast<std::ptrdiff_t>(found.at("measured").size()));  // each commit once
  EXPECT_EQ(same, id);
}

TEST(Bisect, WhatCannotBeAskedIsRefused) {
  TinyHistory tiny;
  tiny.write("notes.txt", "1\n");
  tiny.commit("one");
  const auto env = tiny.environment();
  const auto refused = [&](std::vector<std::string> words, const std::string& why) {
    words.insert(words.begin(), "bisect");
    const Captured got = bench(words, env);
    EXPECT_EQ(got.exit.code, 2) << got.err;
    EXPECT_THAT(got.err, HasSubstr(why));
  };
  refused({"tiny", "--good", "HEAD~1", "--metric", "syscall.null"}, "--bad is missing");
  refused({"tiny", "--good", "HEAD", "--bad", "HEAD", "--metric", "syscall.null"}, "the same commit");
  refused({"tiny", "--good", "HEAD", "--bad", "HEAD~1", "--metric", "syscall.null"}, "no ancestor");
  refused({"tiny", "--good", "HEAD~1", "--bad", "HEAD", "--metric", "syscall.nul"}, "did you mean 'syscall.null'");
  refused({"tiny", "--good", "HEAD~1", "--bad", "nowhere", "--metric", "syscall.null"}, "'nowhere' is not a commit");
  refused({"tiny@HEAD", "--good", "HEAD~1", "--bad", "HEAD", "--metric", "syscall.null"}, "leave '@REF' out");
  refused({"--resume", "20261120-000000-aaaaaa"}, "no bisection");
}

}  // namespace
}  // namespace aios
