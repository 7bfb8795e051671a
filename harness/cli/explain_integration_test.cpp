// SPDX-License-Identifier: Apache-2.0
// The whole way: profiles made and kept, one instruction more found in its function, nothing lost, nothing changed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/tiny_history.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The rows of every metric add up to its difference, and that is the difference of what was measured.
void expect_nothing_lost(const Json& explained) {
  for (const auto& metric : explained.at("metrics")) {
    double first = 0, second = 0;
    for (const auto& row : metric.at("functions")) {
      first += row.value("first", 0.0);
      second += row.value("second", 0.0);
    }
    if (metric.value("first_basis", "") == "median") {
      EXPECT_EQ(first, metric.value("first_measured", -1.0)) << metric.at("metric");
    }
    if (metric.value("second_basis", "") == "median") {
      EXPECT_EQ(second, metric.value("second_measured", -1.0)) << metric.at("metric");
    }
    EXPECT_NEAR(second - first, metric.value("difference", 0.0), 1e-6) << metric.at("metric");
  }
}

TEST(ExplainTiny, OneNopInAPathIsCaughtAndItsFunctionNamed) {
  TinyHistory tiny;
  const std::string before = tiny.head();
  tiny.write_part("second", 21);
  const std::string after = tiny.commit("one nop");
  const std::vector<std::string> words{"explain", "tiny@" + before, "tiny@" + after, "--metric", "syscall.null"};
  auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return more;
  };
  const Json explained = bench_json(with({"--json"}), 0, tiny.environment());
  ASSERT_EQ(explained.at("metrics").size(), 1U);
  const Json& metric = explained.at("metrics")[0];
  EXPECT_EQ(metric.value("difference", 0.0), 1);
  const Json& row = metric.at("functions").at(0);
  EXPECT_EQ(row.value("function", ""), "measured_path");
  EXPECT_EQ(row.value("difference", 0.0), 1);
  EXPECT_EQ(row.at("callers").at(0).value("caller", ""), "region");
  expect_nothing_lost(explained);
  // Now both are stored with their profiles: nothing is booted again.
  const Captured text = bench(with({"--function", "measured_path"}), tiny.environment());
  EXPECT_EQ(text.exit.code, 0);
  EXPECT_THAT(text.err, AllOf(HasSubstr("stored run"), Not(HasSubstr("measured now"))));
  EXPECT_THAT(text.out, AllOf(HasSubstr("60 and 61 instructions"), HasSubstr("+1"), HasSubstr("1 lines differ")));
}

TEST(ExplainAios, AProfileChangesNoFigureAndAStoredRunIsDoneAgainWithOne) {
  const Json plain = bench_json({"run", "aios", "--scenario", "syscall,page_fault", "--json"});
  const Json profiled = bench_json({"run", "aios", "--scenario", "syscall,page_fault", "--profile", "--json"});
  EXPECT_EQ(plain.at("samples"), profiled.at("samples"));
  const std::string id = plain.at("provenance").value("run", "");
  const Json explained = bench_json({"explain", id, "aios", "--scenario", "syscall", "--json"});
  EXPECT_GE(explained.at("metrics").size(), 5U);
  expect_nothing_lost(explained);
  for (const auto& note : explained.at("notes"))
    EXPECT_THAT(note.get<std::string>(), Not(HasSubstr("not what it was")));
  for (const auto& metric : explained.at("metrics")) EXPECT_EQ(metric.value("difference", -1.0), 0) << metric;
}

TEST(ExplainAios, AgainstTheDistributionEveryFunctionHasAName) {
  const auto folder = ScratchFolder::create().value();
  const std::string html = (folder.path() / "why.html").string();
  const Json explained = bench_json({"explain", "debian", "aios", "--metric", "syscall.null", "--json", "--html", html,
                                     "--folded", (folder.path() / "stacks").string()});
  expect_nothing_lost(explained);
  std::set<std::string> names;
  for (const auto& row : explained.at("metrics")[0].at("functions")) names.insert(row.value("function", ""));
  EXPECT_TRUE(names.contains("do_syscall_64"));
  EXPECT_TRUE(names.contains("__x64_sys_getppid"));
  for (const auto& name : names) EXPECT_FALSE(name.starts_with("(")) << name;
  const std::string page = read_file(html).value();
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_THAT(page, AllOf(HasSubstr("<svg"), HasSubstr("__x64_sys_getppid"), Not(HasSubstr("src=\"http"))));
  for (const char* side : {"A", "B", "difference"}) {
    const fs::path base = folder.path() / "stacks" / ("syscall.null." + std::string(side));
    EXPECT_THAT(read_file(base.string() + ".folded").value(), HasSubstr("entry_SYSCALL_64;"));
    EXPECT_TRUE(read_file(base.string() + ".svg").value().starts_with("<?xml"));
  }
}

TEST(ExplainErrors, SayWhatWasWrong) {
  EXPECT_EQ(bench({"explain", "aios", "aios", "--mode", "timed"}).exit.code, 2);
  EXPECT_EQ(bench({"explain", "aios", "nothing-of-the-kind"}).exit.code, 2);
  const Captured metric = bench({"explain", "aios", "aios", "--metric", "syscall.nul"});
  EXPECT_EQ(metric.exit.code, 2);
  EXPECT_THAT(metric.err, HasSubstr("did you mean 'syscall.null'"));
  const Captured function = bench({"explain", "aios", "aios", "--metric", "syscall.null", "--function", "do_sysca"});
  EXPECT_EQ(function.exit.code, 2);
  EXPECT_THAT(function.err, HasSubstr("no function 'do_sysca'"));
}

}  // namespace
}  // namespace aios
