// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/export/testing/example_run.h"
#include "harness/export/testing/golden.h"
#include "harness/support/json.h"
#include "harness/support/text.h"
#include "reports/headline.h"
#include "reports/json_report.h"
#include "reports/markdown.h"
#include "reports/template.h"
#include "reports/terminal.h"
#include "reports/testing/example_report.h"
#include "reports/text_width.h"
#include "reports/timeline.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

void expect_harmless(const std::string& text) {
  for (const char c : text) {
    ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
    ASSERT_NE(c, '\x7f');
  }
  for (const char* bad : {"\xe2\x80\xae", "\xc2\x9b", "<script", "<img"}) EXPECT_THAT(text, Not(HasSubstr(bad)));
}

TEST(Terminal, Run) { testing::expect_golden(render_run(testing::example_run(), {}), "reports/testdata/run.txt"); }

TEST(Terminal, Claims) {
  testing::expect_golden(render_claims(testing::example_claims(), {.width = 160}), "reports/testdata/claims.txt");
}

TEST(Terminal, Audit) {
  testing::expect_golden(render_audit(testing::example_audit(), {.width = 140}), "reports/testdata/audit.txt");
}

TEST(Terminal, Comparison) {
  testing::expect_golden(render_comparison(*testing::example_report().comparison, {.width = 150}),
                         "reports/testdata/comparison.txt");
}

TEST(Terminal, ARefusedComparisonSaysSo) {
  Comparison refused;
  refused.comparable = false;
  refused.reason = "cpu_model is 'Nehalem' and 'max'";
  refused.differences = {{"cpu_model", "Nehalem", "max", true, "runs other code"}};
  const std::string text = render_comparison(refused, {});
  EXPECT_THAT(text, HasSubstr("\nrefused: cpu_model is 'Nehalem' and 'max'"));
  EXPECT_THAT(text, Not(HasSubstr("inconclusive")));
}

TEST(Terminal, ColourOnlyWhenAsked) {
  EXPECT_THAT(render_run(testing::example_run(), {.colour = false}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(render_run(testing::example_run(), {.colour = true}), HasSubstr("\x1b[1;31m\xe2\x9c\x97 no\x1b[0m"));
}

TEST(Terminal, PlainAsciiWhenAsked) {
  for (const char c : render_run(testing::example_run(), {.unicode = false}) +
                          render_claims(testing::example_claims(), {.unicode = false})) {
    ASSERT_LT(static_cast<unsigned char>(c), 0x80);
  }
}

TEST(Terminal, LinesKeepTheWidth) {
  for (const std::string& line : split(render_claims(testing::example_claims(), {.width = 100}), '\n')) {
    EXPECT_LE(display_width(line), 100U) << line;
  }
}

TEST(Terminal, NothingFromAGuestIsAlive) {
  const TextStyle wide{.width = 100000};
  const RunRecord run = testing::hostile_run();
  for (const std::string& text : {render_run(run, wide), render_claims(testing::hostile_claims(), wide),
                                  render_audit(testing::hostile_report().audits.at(0), wide, true),
                                  render_comparison(*testing::hostile_report().comparison, wide)}) {
    for (const char c : text) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
    EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));
    EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
  }
}

TEST(TextWidth, CellsNotBytes) {
  EXPECT_EQ(display_width("na\xc3\xafve"), 5U);
  EXPECT_EQ(display_width("e\xcc\x81"), 1U);
  EXPECT_EQ(display_width("\xe6\x97\xa5\xe6\x9c\xac"), 4U);
  EXPECT_EQ(clip("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, true), "\xe6\x97\xa5\xe2\x80\xa6");
  EXPECT_EQ(clip("abcdef", 5, false), "ab...");
}

TEST(Markdown, Report) {
  testing::expect_golden(render_markdown(testing::example_report()), "reports/testdata/report.md");
}

TEST(Markdown, NothingFromAGuestIsAlive) {
  const std::string text = render_markdown(testing::hostile_report());
  expect_harmless(text);
  for (const char* bad : {"javascript:", "@all", "](", "*_["}) EXPECT_THAT(text, Not(HasSubstr(bad)));
}

TEST(Markdown, PlainNamesStayReadable) {
  EXPECT_EQ(markdown_code("ipc.pipe.64B.round_trip"), "`ipc.pipe.64B.round_trip`");
  EXPECT_EQ(markdown_text("0.33 times debian (1,232 instr)."), "0.33 times debian (1,232 instr).");
  EXPECT_EQ(markdown_text("see evil.example|x"), "see evil.example&#124;x");
  EXPECT_EQ(markdown_text("https://www.x.y *b* _c_ <i> @all"),
            "https&#58;//www&#46;x.y &#42;b&#42; &#95;c&#95; &#60;i&#62; &#64;all");
  EXPECT_EQ(markdown_code("a`b"), "<code>a&#96;b</code>");
}

TEST(JsonReport, Golden) {
  testing::expect_golden(render_json(testing::example_report()), "reports/testdata/report.json");
}

TEST(JsonReport, OnlyProvenanceTellsEqualRunsApart) {
  ReportModel a = testing::example_report();
  ReportModel b = testing::example_report();
  b.generated = "2027-01-01T00:00:00Z";
  for (RunRecord& run : b.runs) {
    run.provenance.run += "-again";
    run.provenance.finished = b.generated;
  }
  for (ClaimVerdict& row : b.claims) row.run += "-again";
  const auto without = [](const ReportModel& report) {
    Json json = parse_json(render_json(report), "report").value();
    json.erase("provenance");
    for (Json& run : json["runs"]) run.erase("provenance");
    return dump_json(json);
  };
  EXPECT_EQ(without(a), without(b));
}

TEST(JsonReport, OnlyAscii) { expect_harmless(render_json(testing::example_report())); }

TEST(Headline, WorstFirst) {
  ReportModel report = testing::example_report();
  EXPECT_EQ(headline_of(report).tone, Tone::bad);
  EXPECT_THAT(headline_of(report).sentence, HasSubstr("aios boots in 0.326 times the instructions of debian"));
  EXPECT_THAT(headline_of(report).sentence, HasSubstr("1 of 3 judged claims is missed: A23."));
  report.runs[0].outcome = "failed";
  report.runs[0].boots[1].ok = false;
  report.runs[0].boots[1].end_state = "panic";
  EXPECT_EQ(headline_of(report).verdict, "failed");
  EXPECT_THAT(headline_of(report).sentence, HasSubstr("aios: failed: boot 1 ended in panic"));
}

TEST(Timeline, StretchesHaveLengths) {
  const BootTimeline timeline = boot_timeline(testing::example_run());
  EXPECT_EQ(timeline.total, 402000000);
  EXPECT_THAT(timeline.phases,
              ElementsAre(Field(&Stretch::instructions, 61000000), Field(&Stretch::instructions, 137000000),
                          Field(&Stretch::instructions, 193000000), Field(&Stretch::instructions, 11000000)));
  EXPECT_EQ(timeline.phases[0].name, "firmware, loader, decompression");
  EXPECT_EQ(timeline.phases[2].name, "start_kernel to init");  // no point in between is known
  EXPECT_EQ(timeline.initcalls.front().name, "serial8250_init");
}

TEST(LogTail, TheEndOfALongLog) {
  std::string log;
  for (int i = 0; i < 1000; ++i) log += "line " + std::to_string(i) + "\r\n";
  const LogTail tail = log_tail(0, 0, "console", log);
  EXPECT_EQ(tail.lines.size(), 60U);
  EXPECT_EQ(tail.lines.back(), "line 999");
  EXPECT_EQ(tail.lines_left_out, 940U);
  EXPECT_EQ(log_tail(0, 0, "console", std::string(1 << 20, 'x')).lines.at(0).size(), 400U);
}

TEST(Template, FilledOnce) {
  EXPECT_EQ(fill_template("<{{a}}|{{b}}|{{none}}>", {{"a", "{{b}}"}, {"b", "2"}}), "<{{b}}|2|>");
}

}  // namespace
}  // namespace aios
