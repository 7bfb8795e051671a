// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/frame_reader.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>
#include <vector>

#include "harness/guest/frame.h"
#include "harness/support/hash.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string framed(std::string_view body) { return fmt::format("@AB1 {} {:08x} {}\n", body.size(), crc32(body), body); }

struct Console {
  explicit Console(FrameLimits limits = {})
      : reader(
            clock, [this](std::string_view body) { return frames.emplace_back(body), believe; },
            [this](std::string_view line) { lines.emplace_back(line); }, limits) {}
  void feed_and_finish(std::string_view bytes, std::size_t step = 1 << 20) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size()))) reader.feed(bytes.substr(0, step));
    reader.finish();
  }
  ManualClock clock;
  bool believe = true;
  std::vector<std::string> frames, lines;
  FrameReader reader;
};

const std::string kOne = R"({"t":"ready"})", kTwo = R"({"t":"done"})";

TEST(FrameReader, FindsFramesBetweenLogLines) {
  const std::string bytes = "boot\r\n\r\n" + framed(kOne) + "log\n\n" + framed(kTwo) + "end";
  for (std::size_t step = 1; step < 40; ++step) {
    Console console;
    console.feed_and_finish(bytes, step);
    EXPECT_THAT(console.frames, ElementsAre(kOne, kTwo)) << step;
    EXPECT_THAT(console.lines, ElementsAre("boot", "log", "end")) << step;
    EXPECT_EQ(console.reader.counts().damaged(), 0U);
  }
}

TEST(FrameReader, ReadsWhatTheGuestSideWrites) {
  wire::Frame<256> frame("log");
  frame.text("text", "hello\n@AB1");
  ASSERT_TRUE(frame.finish());
  std::string bytes = "[    1.0] unfinished" + std::string(frame.data(), frame.size());
  Console console;
  console.feed_and_finish(bytes);
  EXPECT_THAT(console.frames, ElementsAre(R"({"t":"log","text":"hello\u000a\u0040AB1"})"));
  EXPECT_THAT(console.lines, ElementsAre("[    1.0] unfinished"));
}

TEST(FrameReader, CarriageReturnsOfATerminal) {
  std::string bytes = framed(kOne);
  bytes.replace(bytes.size() - 1, 1, "\r\n");
  Console console;
  console.feed_and_finish("\r\n" + bytes + "x\r\n");
  EXPECT_THAT(console.frames, ElementsAre(kOne));
  EXPECT_THAT(console.lines, ElementsAre("x"));
}

TEST(FrameReader, GluedToLogText) {
  Console console;
  console.feed_and_finish("half a li" + framed(kOne) + "ne\n");
  EXPECT_THAT(console.frames, ElementsAre(kOne));
  EXPECT_THAT(console.lines, ElementsAre("half a li", "ne"));
}

TEST(FrameReader, TornByALogLine) {
  std::string torn = framed(R"({"t":"log","text":"long enough to be torn in two"})");
  torn.insert(25, "[ 2.3] usb 1-1: up\r\n");
  Console console;
  console.feed_and_finish(torn + framed(kTwo));
  EXPECT_THAT(console.frames, ElementsAre(kTwo));
  EXPECT_EQ(console.reader.counts().torn, 1U);
  EXPECT_THAT(console.lines[0], HasSubstr("usb 1-1"));
}

TEST(FrameReader, WrongChecksumIsLogText) {
  std::string wrong = framed(kOne);
  wrong[wrong.find("ready")] = 'R';
  Console console;
  console.feed_and_finish(wrong + framed(kTwo));
  EXPECT_THAT(console.frames, ElementsAre(kTwo));
  EXPECT_EQ(console.reader.counts().bad_checksum, 1U);
  ASSERT_EQ(console.lines.size(), 1U);
  EXPECT_EQ(console.lines[0] + "\n", wrong);
}

TEST(FrameReader, AFrameInsideABrokenFrameIsFoundAtOnce) {
  Console console;
  console.reader.feed("@AB1 60000 00000000 {\"t\":\"lo" + framed(kOne));
  EXPECT_THAT(console.frames, ElementsAre(kOne));
  EXPECT_EQ(console.reader.counts().torn, 1U);
}

TEST(FrameReader, BadHeaders) {
  for (const std::string header :
       {"@AB1 x", "@AB1  12 0 ", "@AB1 012 00000000 ", "@AB1 5 DEADBEEF ", "@AB1 5 0000000 ", "@AB1 -1 00000000 ",
        "@AB1 123456 00000000 ", "@AB1 5 00000000x", "@AB1 0 00000000 "}) {
    Console console;
    console.feed_and_finish(header + "\n" + framed(kOne));
    EXPECT_THAT(console.frames, ElementsAre(kOne)) << header;
    EXPECT_EQ(console.reader.counts().bad_header, 1U) << header;
  }
  Console console;
  console.feed_and_finish("@AB1 65537 00000000 {}\n" + framed(kOne));
  EXPECT_EQ(console.reader.counts().too_long, 1U);
  EXPECT_THAT(console.frames, ElementsAre(kOne));
}

TEST(FrameReader, TheConsoleEndsInsideAFrame) {
  const std::string whole = framed(kOne);
  for (std::size_t length = 6; length < whole.size(); ++length) {
    Console console;
    console.feed_and_finish(std::string_view(whole).substr(0, length));
    EXPECT_THAT(console.frames, IsEmpty());
    EXPECT_EQ(console.reader.counts().torn, 1U) << length;
    EXPECT_THAT(console.lines, ElementsAre(whole.substr(0, length)));
  }
}

TEST(FrameReader, LongLinesComeInPieces) {
  Console console({.line_bytes = 10});
  console.feed_and_finish("0123456789abcdefghijABC\nx\n", 7);
  EXPECT_THAT(console.lines, ElementsAre("0123456789", "abcdefghij", "ABC", "x"));
}

TEST(FrameReader, APromptIsSeenBeforeItsLineEnds) {
  Console console;
  console.reader.feed("line\nlogin: ");
  EXPECT_EQ(console.reader.partial_line(), "login: ");
}

TEST(FrameReader, WhatTheReceiverDoesNotBelieveIsCounted) {
  Console console;
  console.believe = false;
  console.feed_and_finish(framed(kOne));
  EXPECT_EQ(console.reader.counts().bad_message, 1U);
  EXPECT_EQ(console.reader.counts().frames, 0U);
}

TEST(FrameReader, FloodsHaveBounds) {
  std::string many;
  for (int i = 0; i < 20; ++i) many += framed(kOne);
  Console count({.frames = 5});
  count.feed_and_finish(many);
  EXPECT_EQ(count.frames.size(), 5U);
  EXPECT_EQ(count.reader.counts().dropped, 15U);
  EXPECT_THAT(count.reader.overrun(), HasSubstr("more than 5 frames"));

  Console bytes({.frame_bytes = 3 * kOne.size()});
  bytes.feed_and_finish(many);
  EXPECT_EQ(bytes.frames.size(), 3U);
  EXPECT_THAT(bytes.reader.overrun(), HasSubstr("bytes of frames"));

  Console rate({.frames_a_second = 15});
  rate.reader.feed(framed(kOne) + framed(kOne));
  rate.clock.advance(std::chrono::seconds(2));
  rate.reader.feed(many.substr(0, 14 * framed(kOne).size()));
  EXPECT_EQ(rate.reader.overrun(), "");
  rate.reader.feed(many);
  EXPECT_EQ(rate.frames.size(), 2U + 15U);
  EXPECT_THAT(rate.reader.overrun(), HasSubstr("in one second"));
}

TEST(FrameReader, GigabytesOfFalseHeadersCostNoMoreThanTheirBytes) {
  Console console;
  std::string noise;
  while (noise.size() < (4U << 20)) noise += "@AB1 60000 00000000 ";
  console.feed_and_finish(noise, 65536);
  EXPECT_THAT(console.frames, IsEmpty());
  EXPECT_EQ(console.reader.counts().torn, noise.size() / 20);
}

// Every byte fed comes out as a line or a frame, whatever happens to the bytes on the way; a frame that comes out was
// one that went in. Deterministic: this is the fuzz target's property, for machines without libFuzzer.
TEST(FrameReader, MutationsNeverInventAFrame) {
  std::mt19937 random(7);  // NOLINT: the same every time on purpose
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::string> sent;
    std::string bytes;
    for (std::size_t i = 0; i < 1 + below(4); ++i) {
      sent.push_back(fmt::format(R"({{"t":"log","text":"{}"}})", std::string(below(60), static_cast<char>('a' + i))));
      bytes += fmt::format("log {}\r\n\n", i) + framed(sent.back());
    }
    for (std::size_t i = 0; i < below(6); ++i) {
      const std::size_t at = below(bytes.size());
      switch (below(5)) {
        case 0:
          bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
          break;
        case 2:
          bytes.erase(at, 1 + below(20));
          break;
        case 3:
          bytes.insert(at, "[ 1.2] printk\n");
          break;
        default:
          bytes.insert(at, bytes.substr(below(bytes.size()), below(40)));
          break;
      }
      if (bytes.empty()) bytes = "x";
    }
    Console console;
    console.feed_and_finish(bytes, 1 + below(50));
    for (const auto& frame : console.frames) EXPECT_THAT(sent, ::testing::Contains(frame)) << round;
    EXPECT_EQ(console.reader.counts().bytes, bytes.size());
  }
}

}  // namespace
}  // namespace aios
