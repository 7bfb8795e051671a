// SPDX-License-Identifier: Apache-2.0
// A site over a store by the real program: what is written, what is left as it is, what goes, and that it is the same
// from the same store. Then in a real browser (reports/browser_test/site_test.py).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/stored_examples.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Site : public ::testing::Test {
 protected:
  Json make(const std::string& folder = "site") {
    return bench_json({"site", examples_.file(folder).string(), "--json"}, 0, examples_.env());
  }
  std::map<std::string, std::string> files(const std::string& folder = "site") const {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(examples_.file(folder))) {
      if (!entry.is_regular_file()) continue;
      out[fs::relative(entry.path(), examples_.file(folder)).string()] = read_file(entry.path()).value_or("?");
    }
    return out;
  }
  // Five runs of one kernel, the last three slower: the same figures as a history would show.
  std::vector<std::string> put_history() {
    std::vector<std::string> out;
    for (int i = 0; i < 5; ++i) {
      RunRecord run = testing::example_run();
      run.label = "r" + std::to_string(i);
      for (Sample& sample : run.samples) {
        if (sample.metric == "syscall.null") sample.value = i < 2 ? 182 : 190;
      }
      run.provenance.started = "2026-11-2" + std::to_string(i) + "T10:00:00Z";
      out.push_back(examples_.put(run, "console of run " + std::to_string(i) + "\n"));
    }
    return out;
  }
  ExampleStore examples_;
};

TEST_F(Site, OnlyWhatChangedIsWritten) {
  const auto runs = put_history();
  const Json first = make();
  EXPECT_EQ(first.at("written"), 5);
  const auto before = files();
  EXPECT_THAT(before.at("index.html"), HasSubstr("href=\"runs/" + runs[0] + ".html\""));
  EXPECT_THAT(before.at("metrics.html"), HasSubstr(runs[2])) << "the first run of the new level";
  EXPECT_THAT(before.at("runs/" + runs[0] + ".html"), HasSubstr("console of run 0"));
  EXPECT_THAT(before.at("runs/" + runs[0] + ".html"), Not(HasSubstr("id=\"chart-library\"")));

  const auto page = examples_.file("site") / "runs" / (runs[1] + ".html");
  const auto written_at = fs::last_write_time(page);
  const Json again = make();
  EXPECT_EQ(again.at("written"), 0);
  EXPECT_EQ(again.at("kept"), 5);
  EXPECT_EQ(files(), before);

  const std::string sixth = examples_.put(testing::example_base());
  fs::remove_all(examples_.folder() / "runs" / runs[0]);
  const Json third = make();
  EXPECT_EQ(third.at("written"), 1);
  EXPECT_EQ(third.at("kept"), 4);
  EXPECT_EQ(third.at("removed"), 1);
  EXPECT_EQ(fs::last_write_time(page), written_at);
  EXPECT_EQ(files().count("runs/" + runs[0] + ".html"), 0U);
  EXPECT_THAT(files().at("index.html"), HasSubstr(sixth));
}

TEST_F(Site, TheSameStoreGivesTheSameSite) {
  put_history();
  make("one");
  make("two");
  EXPECT_EQ(files("one"), files("two"));
}

TEST_F(Site, ADamagedRunIsListedAndAnotherFolderIsLeftAlone) {
  const auto runs = put_history();
  ASSERT_TRUE(write_file_atomic(examples_.folder() / "runs" / runs[3] / "run.json", "{").ok());
  EXPECT_EQ(make().at("written"), 4);
  EXPECT_THAT(files().at("index.html"), HasSubstr("cannot be read"));

  fs::create_directories(examples_.file("mine"));
  ASSERT_TRUE(write_file_atomic(examples_.file("mine") / "index.html", "my own").ok());
  const Captured got = bench({"site", examples_.file("mine").string()}, examples_.env());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("something else than a site"));
  EXPECT_EQ(read_file(examples_.file("mine") / "index.html").value(), "my own");
}

TEST_F(Site, AnEmptyStoreHasASiteToo) {
  EXPECT_EQ(make().at("runs"), 0);
  EXPECT_THAT(files().at("index.html"), HasSubstr("no run in this store yet"));
}

TEST_F(Site, InARealBrowser) {
  put_history();
  examples_.put(testing::hostile_run(), testing::enemy_text());
  make();
  const Captured got = run_command({.argv = {"/usr/bin/python3", AIOS_SOURCE_DIR "/reports/browser_test/site_test.py",
                                             examples_.file("site").string()},
                                    .env = {{"PYTHONDONTWRITEBYTECODE", "1"}}})
                           .value();
  EXPECT_EQ(got.exit.code, 0) << got.out << got.err;
}

}  // namespace
}  // namespace aios
