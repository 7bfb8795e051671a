// SPDX-License-Identifier: Apache-2.0
// `report` as people call it: the page and its history, samples as CSV, a browser that is there or not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/stored_examples.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ReportCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    examples_.put(testing::example_base());
    for (int i = 0; i < 3; ++i) {
      RunRecord run = testing::example_run();
      if (i == 2) {
        for (Sample& sample : run.samples) sample.value += sample.metric == "syscall.null" ? 7 : 0;
      }
      newest_ = examples_.put(run, "[    0.1] hello from the console\n");
    }
  }
  std::string page(const std::string& name) { return read_file(examples_.file(name)).value_or(""); }
  std::map<std::string, std::string> env(const std::string& browser) {
    auto out = examples_.env();
    out["BROWSER"] = browser;
    out["DISPLAY"] = out["WAYLAND_DISPLAY"] = "";
    return out;
  }

  ExampleStore examples_;
  std::string newest_;
};

TEST_F(ReportCommand, APageWithTheHistoryOfItsKernel) {
  const std::string file = examples_.file("page.html").string();
  const Captured got = bench({"report", "debian", newest_, "--html", file}, examples_.env());
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_EQ(got.out, "");
  const std::string text = page("page.html");
  EXPECT_LT(text.size(), 2U << 20);
  EXPECT_THAT(text, HasSubstr("<section id=\"history\""));
  EXPECT_THAT(text, HasSubstr("1 change of a level"));
  EXPECT_THAT(text, HasSubstr("hello from the console"));
  bench({"report", "debian", newest_, "--html", file, "--history", "0"}, examples_.env());
  EXPECT_THAT(page("page.html"), Not(HasSubstr("<section id=\"history\"")));
}

TEST_F(ReportCommand, SamplesAsCsv) {
  const Captured got = bench({"report", newest_, "--csv", "-"}, examples_.env());
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.out, HasSubstr("\n" + newest_ + ","));
  EXPECT_THAT(got.out, HasSubstr(",syscall.null,instructions,exact,0,0,"));
  EXPECT_EQ(static_cast<std::size_t>(std::count(got.out.begin(), got.out.end(), '\n')),
            testing::example_run().samples.size() + 1);
}

TEST_F(ReportCommand, OpensThePageInTheBrowserThatIsNamed) {
  const fs::path browser = examples_.file("browser");
  const fs::path opened = examples_.file("opened");
  ASSERT_TRUE(write_file_atomic(browser, "#!/bin/sh\nls -l \"$1\" >" + opened.string() + ".part && mv " +
                                             opened.string() + ".part " + opened.string() + "\n")
                  .ok());
  ASSERT_EQ(::chmod(browser.c_str(), 0755), 0);
  const Captured got = bench({"report", "--open"}, env("/no/such/browser:" + browser.string()));
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.err, HasSubstr("browser opens "));
  for (int i = 0; i < 200 && !fs::exists(opened); ++i) ::usleep(20000);
  EXPECT_THAT(read_file(opened).value_or(""), HasSubstr("report.html"));
}

TEST_F(ReportCommand, SaysWhereThePageLiesIfNothingCanShowIt) {
  const Captured got = bench({"report", "--open"}, env("/no/such/browser"));
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.err, HasSubstr("there is no browser here"));
  EXPECT_THAT(got.err, HasSubstr("report.html"));
  EXPECT_TRUE(fs::exists(examples_.folder() / "report.html"));
}

TEST_F(ReportCommand, NeedsAForm) {
  EXPECT_EQ(bench({"report"}, examples_.env()).exit.code, 2);
  EXPECT_EQ(bench({"report", "--open", "--html", "-"}, examples_.env()).exit.code, 2);
}

}  // namespace
}  // namespace aios
