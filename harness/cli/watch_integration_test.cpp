// SPDX-License-Identifier: Apache-2.0
// `watch` of the real program over the tiny kernel: a save, a save that does not build, a save that mends it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/service.h"
#include "harness/cli/testing/tiny_history.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

// Standard output and error go to one log; a round is a line that begins a JSON object.
std::vector<Json> rounds_in(const std::string& log) {
  std::vector<Json> out;
  for (const auto& line : split(log, '\n')) {
    if (!line.starts_with("{\"round\"")) continue;
    auto json = parse_json(line, "a round");
    if (json.ok()) out.push_back(std::move(*json));
  }
  return out;
}

class WatchProgram : public ::testing::Test {
 protected:
  Service watch(std::vector<std::string> words) {
    words.insert(words.begin(), {bench_program(), "watch", "tiny", "--scenario", "syscall"});
    auto env = tiny_.environment();
    env.emplace("CI", "true");
    return {std::move(words), tiny_.store().parent_path() / "watch.log", env};
  }
  Json round(Service& service, std::size_t number) {
    EXPECT_TRUE(eventually([&] { return rounds_in(service.said()).size() > number || !service.runs(); }))
        << service.said();
    const auto rounds = rounds_in(service.said());
    return rounds.size() > number ? rounds[number] : Json::object();
  }
  // It waits, and every folder is watched.
  void expect_waiting(Service& service, std::size_t times) {
    const auto waits = [&] {
      std::size_t count = 0;
      const std::string text = service.said();
      for (std::size_t at = 0; (at = text.find("waiting for a save", at)) != std::string::npos; ++at) ++count;
      return count;
    };
    EXPECT_TRUE(eventually([&] { return waits() >= times || !service.runs(); })) << service.said();
  }

  TinyHistory tiny_;
};

TEST_F(WatchProgram, EachSaveIsBuiltBootedAndCompared) {
  Service service = watch({"--json"});
  const Json first = round(service, 0);
  EXPECT_TRUE(first.value("baseline", false)) << first;
  const double before = first.at("rows").at(0).value("value", 0.0);

  tiny_.write_part("second", 27);  // as an editor does: written aside, renamed over it; nothing is committed
  const Json second = round(service, 1);
  EXPECT_THAT(second.at("saved").dump(), HasSubstr("second.inc"));
  EXPECT_EQ(second.value("verdict", ""), "worse");
  EXPECT_EQ(second.at("rows").at(0).value("value", 0.0), before + 7);
  EXPECT_EQ(second.at("rows").at(0).value("difference", 0.0), 7);

  tiny_.write("first.inc", "this does not assemble\n");
  const Json broken = round(service, 2);
  EXPECT_EQ(broken.at("failure").value("kind", ""), "kernel_fault");
  EXPECT_THAT(broken.at("failure").dump(), HasSubstr("first.inc"));

  tiny_.write_part("first", 17);
  const Json mended = round(service, 3);
  EXPECT_EQ(mended.at("rows").at(0).value("difference", 0.0), 4);
  EXPECT_EQ(mended.at("rows").at(0).value("difference_to_last", 0.0), -3);
  RecordProperty("seconds_from_save_to_numbers", std::to_string(mended.value("seconds", 0.0)));
  fmt::print("from save to numbers: {:.2f} s, {:.2f} s\n", second.value("seconds", 0.0), mended.value("seconds", 0.0));

  const ExitState end = service.interrupt();
  EXPECT_TRUE(end.success()) << end.describe();
  EXPECT_THAT(service.said(), HasSubstr("ended after 4 rounds"));
}

TEST_F(WatchProgram, ShowsAPersonWhatMoved) {
  Service service = watch({});
  expect_waiting(service, 1);
  EXPECT_THAT(service.said(), HasSubstr("the baseline"));
  tiny_.write_part("third", 22);
  expect_waiting(service, 2);
  EXPECT_THAT(service.said(), HasSubstr("#1 saved third.inc"));
  EXPECT_THAT(service.said(), HasSubstr("+2 instr ("));
  tiny_.write_part("third", 22);  // saved, and nothing changed
  expect_waiting(service, 3);
  service.interrupt();
}

TEST_F(WatchProgram, WhatCannotBeWatchedSaysWhy) {
  Captured got = bench({"watch", "tiny@main", "--scenario", "syscall"}, tiny_.environment());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("is a commit"));
  got = bench({"watch", "tiny", "--scenario", "sycsall"}, tiny_.environment());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("did you mean 'syscall'"));
}

}  // namespace
}  // namespace aios
