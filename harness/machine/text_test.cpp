// SPDX-License-Identifier: Apache-2.0
// The small readers of text: lines of a console, history, VGA cells, registers, known words.
#include <gmock/gmock.h>

#include "harness/machine/console_text.h"
#include "harness/machine/registers.h"
#include "harness/machine/screen_text.h"
#include "harness/machine/text_rules.h"

namespace aios {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> lines_of(std::initializer_list<std::string_view> chunks) {
  LineSplitter splitter(20);
  std::vector<std::string> lines;
  for (const auto chunk : chunks) splitter.feed(chunk, [&](std::string_view line) { lines.emplace_back(line); });
  lines.push_back("pending:" + splitter.pending());
  return lines;
}

TEST(LineSplitter, CutsAtNewlinesWhateverTheChunks) {
  EXPECT_THAT(lines_of({"a\r\nb", "c\n", "\nd"}), ElementsAre("a", "bc", "", "pending:d"));
}

TEST(LineSplitter, TakesTerminalEscapesOut) {
  EXPECT_THAT(lines_of({"\x1b[2J\x1b[01;01Hx\x1b", "[0my\x1b=z\n"}), ElementsAre("xyz", "pending:"));
}

TEST(LineSplitter, AnEscapeThatNeverEndsEndsWithTheLine) {
  EXPECT_THAT(lines_of({"\x1b[1;2;\nnext\n"}), ElementsAre("", "next", "pending:"));
}

TEST(LineSplitter, DropsTheRestOfALongLine) {
  EXPECT_THAT(lines_of({std::string(100, 'a') + "\nb\n"}), ElementsAre(std::string(20, 'a'), "b", "pending:"));
}

TEST(ConsoleHistory, KeepsHeadAndTail) {
  ConsoleHistory history(4, 4);
  history.append("abc");
  EXPECT_EQ(history.text(), "abc");
  EXPECT_FALSE(history.cut());
  history.append("defgh");
  EXPECT_EQ(history.text(), "abcdefgh");
  for (int i = 0; i < 1000; ++i) history.append("0123456789");
  EXPECT_TRUE(history.cut());
  EXPECT_EQ(history.text(), "abcd\n[... 10000 bytes left out ...]\n6789");
  EXPECT_EQ(history.total(), 10'008U);
}

std::string cells(std::initializer_list<std::string> rows) {
  std::string screen;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < kScreenColumns; ++i) {
      screen += i < row.size() ? row[i] : ' ';
      screen += '\x07';
    }
  }
  screen.resize(kScreenBytes, '\0');
  return screen;
}

TEST(Screen, RowsWithoutBlanks) {
  EXPECT_THAT(decode_screen(cells({"one", "", "  two "})), ElementsAre("one", "  two"));
}

TEST(Screen, AFullRowGoesOnInTheNext) {
  EXPECT_THAT(decode_screen(cells({std::string(80, 'x'), "yz", "w"})), ElementsAre(std::string(80, 'x') + "yz", "w"));
}

TEST(Screen, GraphicsIsNoText) {
  EXPECT_TRUE(decode_screen(std::string(kScreenBytes, '\xff')).empty());
  EXPECT_TRUE(decode_screen("").empty());
}

TEST(Screen, HistoryKeepsWhatScrolledAway) {
  ScreenHistory history;
  EXPECT_THAT(history.update({"a", "b"}), ElementsAre("a", "b"));
  EXPECT_THAT(history.update({"b", "c", "c"}), ElementsAre("c", "c"));
  EXPECT_THAT(history.update({"c", "c"}), ElementsAre());
  EXPECT_THAT(history.update({"c", "c", "c"}), ElementsAre("c"));
  EXPECT_THAT(history.lines(), ElementsAre("a", "b", "c", "c", "c"));
}

TEST(Screen, HistoryIsBounded) {
  ScreenHistory history(10);
  for (int i = 0; i < 100; ++i) history.update({std::to_string(i)});
  EXPECT_EQ(history.lines().size(), 10U);
  EXPECT_THAT(history.now(), ElementsAre("99"));
}

TEST(Registers, SixtyFourBits) {
  const auto state = parse_registers(
      "RAX=1 RIP=ffffffff81000000 RFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1\r\nCS =0010 00000000");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->ip, 0xffffffff81000000U);
  EXPECT_TRUE(state->halted);
  EXPECT_TRUE(state->interrupts_on);
}

TEST(Registers, RealModeCountsTheSegment) {
  const auto state = parse_registers(
      "\r\nEIP=00000015 EFL=00000046 [---Z-P-] HLT=1\r\nES =0000 00000000\r\nCS =f000 000f0000 0000ffff");
  ASSERT_TRUE(state.has_value());
  EXPECT_EQ(state->ip, 0xf0015U);
  EXPECT_FALSE(state->interrupts_on);
  EXPECT_EQ(describe(*state), "halted with interrupts off at 0xf0015");
}

TEST(Registers, GarbageIsNothing) {
  for (const char* text : {"", "RIP=", "EIP=zz", "hello", "CS =", "RIP= "})
    EXPECT_FALSE(parse_registers(text).has_value()) << text;
}

TEST(Registers, WithoutKnownRangesOnlyFirmwareIsOutside) {
  EXPECT_TRUE(inside_image(0x7c20, {}));
  EXPECT_FALSE(inside_image(0xf875d, {}));
  EXPECT_FALSE(inside_image(0xfffffff0, {}));
}

TEST(TextRules, KnowWhatIsSaid) {
  EXPECT_EQ(meaning_of("[    1.0] Kernel panic - not syncing: x", true), LineMeaning::panic);
  EXPECT_EQ(meaning_of("[    1.0] Kernel panic - not syncing: x", false), LineMeaning::plain);
  EXPECT_EQ(meaning_of("[    1.0] WARNING: CPU: 0 PID: 1 at x", true), LineMeaning::warning);
  EXPECT_EQ(meaning_of("SeaBIOS (version 1.16)", false), LineMeaning::firmware);
  EXPECT_EQ(meaning_of("error: no suitable video mode found.", false), LineMeaning::firmware);
  EXPECT_EQ(meaning_of("error: unknown filesystem.", false), LineMeaning::loader_refusal);
  EXPECT_EQ(meaning_of("no error: here", false), LineMeaning::plain);
}

TEST(TextRules, HintsForQemusWords) {
  EXPECT_THAT(std::string(refusal_hint("qemu: Error loading uncompressed kernel without PVH ELF Note")),
              ::testing::HasSubstr("GRUB"));
  EXPECT_TRUE(refusal_hint("something else").empty());
}

}  // namespace
}  // namespace aios
