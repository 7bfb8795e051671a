// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/message.h"

#include <gmock/gmock.h>

#include <random>

#include "harness/guest/frame.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <typename T>
T decoded(std::string_view body) {
  auto message = decode_message(body);
  EXPECT_TRUE(message.ok()) << body << (message.ok() ? "" : message.error().describe());
  if (!message.ok() || !std::holds_alternative<T>(*message)) {
    ADD_FAILURE() << "another message than expected: " << body;
    return {};
  }
  return std::get<T>(*message);
}

TEST(Message, EachType) {
  const auto hello = decoded<message::Hello>(R"({"t":"hello","v":1,"kernel":"6.1.0 x","cmdline":"quiet a=b"})");
  EXPECT_EQ(hello.kernel, "6.1.0 x");
  EXPECT_EQ(hello.command_line, "quiet a=b");
  decoded<message::Ready>(R"({"t":"ready","more":[1,2,{"deep":true}]})");
  EXPECT_EQ(decoded<message::Begin>(R"({"t":"begin","scenario":"ipc"})").scenario, "ipc");
  const auto region =
      decoded<message::Region>(R"({"t":"region","n":3,"name":"syscall.null","iterations":1000,"size":64})");
  EXPECT_EQ(region.number, 3);
  EXPECT_EQ(region.size, "64");
  const auto sample = decoded<message::Sample>(
      R"({"t":"sample","metric":"a.b","unit":"nanoseconds","value":12.5,"iterations":4,"values":[[1,3],[2.5,1]]})");
  EXPECT_EQ(sample.unit, Unit::nanoseconds);
  EXPECT_THAT(sample.values, ElementsAre(RunLength{1, 3}, RunLength{2.5, 1}));
  EXPECT_EQ(decoded<message::Clock>(R"({"t":"clock","n":1,"ticks":5e9})").ticks, 5e9);
  EXPECT_TRUE(decoded<message::Check>(R"({"t":"check","name":"x","ok":false,"skipped":true})").skipped);
  const auto end = decoded<message::End>(R"({"t":"end","scenario":"x","exit":0,"signal":11,"detail":"segfault"})");
  EXPECT_FALSE(end.success());
  EXPECT_EQ(end.signal, 11);
  EXPECT_EQ(decoded<message::Log>(R"({"t":"log","text":"a\nb"})").text, "a\nb");
  EXPECT_EQ(decoded<message::Done>(R"({"t":"done","tainted":512})").tainted, 512);
  EXPECT_EQ(decoded<message::Done>(R"({"t":"done"})").tainted, 0);
}

TEST(Message, RoundTripThroughTheGuestsEncoder) {
  wire::Frame<512> frame("sample");
  frame.text("metric", "ipc.pipe.1MB.round_trip")
      .text("unit", "nanoseconds")
      .number("value", 1234.5)
      .integer("iterations", 7);
  frame.open_runs("values").run(0.25, 3).close_runs();
  ASSERT_TRUE(frame.finish());
  const std::string_view line(frame.data(), frame.size());
  const auto sample = decoded<message::Sample>(line.substr(line.find('{'), line.size() - line.find('{') - 1));
  EXPECT_EQ(sample.value, 1234.5);
  EXPECT_THAT(sample.values, ElementsAre(RunLength{0.25, 3}));
}

TEST(Message, HostileJsonIsAnError) {
  const std::vector<std::string> hostile = {
      "",
      "{",
      "null",
      "[]",
      "3",
      "{}",
      R"({"t":3})",
      R"({"t":"unknown"})",
      R"({"t":"ready"} x)",
      R"({"t":"begin"})",
      R"({"t":"begin","scenario":""})",
      R"({"t":"begin","scenario":7})",
      R"({"t":"begin","scenario":"two words"})",
      R"({"t":"begin","scenario":"a\u001b[2J"})",
      R"({"t":"begin","scenario":")" + std::string(201, 'x') + "\"}",
      R"({"t":"log","text":")" + std::string(8193, 'x') + "\"}",
      "{\"t\":\"log\",\"text\":\"\xff\xfe\"}",
      R"({"t":"hello","v":0,"kernel":"x"})",
      R"({"t":"hello","v":1.5,"kernel":"x"})",
      R"({"t":"hello","v":1})",
      R"({"t":"clock","n":0,"ticks":NaN})",
      R"({"t":"clock","n":0,"ticks":1e999})",
      R"({"t":"clock","n":0,"ticks":null})",
      R"({"t":"clock","n":-1,"ticks":1})",
      R"({"t":"clock","n":99999999999999999999,"ticks":1})",
      R"({"t":"clock","n":18446744073709551615,"ticks":1})",
      R"({"t":"region","n":1,"name":"x","iterations":1e3})",
      R"({"t":"region","n":1,"name":"x","iterations":-5})",
      R"({"t":"sample","metric":"x","unit":"ns","value":1})",
      R"({"t":"sample","metric":"x","unit":"count"})",
      R"({"t":"sample","metric":"x","unit":"count","value":1,"values":[1]})",
      R"({"t":"sample","metric":"x","unit":"count","value":1,"values":[[1,0]]})",
      R"({"t":"sample","metric":"x","unit":"count","value":1,"values":[[1,2,3]]})",
      R"({"t":"sample","metric":"x","unit":"count","value":1,"values":{"a":[1,1]}})",
      R"({"t":"check","name":"x","ok":1})",
      R"({"t":"end","scenario":"x","signal":1000})",
      R"({"t":"log","text":)" + std::string(60000, '[') + "}",
      R"({"t":"log","x":)" + std::string(60000, '{')};
  for (const auto& body : hostile) EXPECT_FALSE(decode_message(body).ok()) << body.substr(0, 100);
}

TEST(Message, TooManyRuns) {
  std::string body = R"({"t":"sample","metric":"x","unit":"count","value":1,"values":[[1,1])";
  for (int i = 0; i < 16384; ++i) body += ",[1,1]";
  EXPECT_FALSE(decode_message(body + "]}").ok());
}

TEST(Message, ErrorsNameTheKey) {
  const auto wrong = decode_message(R"({"t":"region","n":1,"name":"x"})");
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().what, HasSubstr("'region'"));
  EXPECT_THAT(wrong.error().what, HasSubstr("'iterations'"));
}

TEST(Message, MutationsNeverCrash) {
  const std::string good =
      R"({"t":"sample","metric":"a.b","unit":"count","value":12.5,"iterations":4,"values":[[1,3],[2.5,1]],"detail":"d"})";
  std::mt19937 random(3);  // NOLINT: the same every time on purpose
  for (int round = 0; round < 5000; ++round) {
    std::string body = good;
    for (unsigned i = 0; i <= random() % 4; ++i) body[random() % body.size()] = static_cast<char>(random());
    (void)decode_message(body);
  }
}

}  // namespace
}  // namespace aios
