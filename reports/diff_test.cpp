// SPDX-License-Identifier: Apache-2.0
#include "reports/diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/export/testing/example_run.h"
#include "harness/export/testing/golden.h"
#include "harness/support/json.h"
#include "reports/diff_parts.h"
#include "reports/markdown_note.h"

namespace aios {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kFirstConfig =
    "#\n# Automatically generated\n#\nCONFIG_SMP=y\nCONFIG_HZ=250\n# CONFIG_EXT4_FS is not set\nCONFIG_SAME=m\n"
    "# CONFIG_GONE is not set\n";
constexpr const char* kSecondConfig = "CONFIG_SMP=y\nCONFIG_HZ=1000\nCONFIG_EXT4_FS=y\nCONFIG_SAME=m\nCONFIG_NEW=y\n";

RunDiff example_diff() {
  RunRecord first = testing::example_base();
  RunRecord second = testing::example_run();
  first.provenance.extra["command"] =
      "qemu-system-x86_64 -M q35 -chardev file,id=console,path=/proc/self/fd/20 -chardev socket,fd=21 "
      "-kernel /a/b/bzImage -append 'console=ttyS0 quiet' -m 256";
  second.provenance.extra["command"] =
      "qemu-system-x86_64 -M q35 -chardev file,id=console,path=/proc/self/fd/31 -chardev socket,fd=22 "
      "-kernel /c/bzImage -append 'console=ttyS0 initcall_debug' -m 512";
  second.provenance.extra["build"] = R"({"source":{"revision":"6.12"},"format":1})";
  auto second_claims = testing::example_claims();
  auto first_claims = second_claims;
  first_claims[0].value = 8117184;
  first_claims[2].verdict = VerdictKind::met;
  first_claims[2].value = 1;
  return diff_runs({first, second, first_claims, second_claims, kFirstConfig, kSecondConfig});
}

RunDiff hostile_diff() {
  const std::string enemy = testing::enemy_text();
  const auto claims = testing::hostile_claims();
  auto others = claims;
  others[0].verdict = VerdictKind::met;
  return diff_runs({testing::example_base(), testing::hostile_run(), claims, others, "CONFIG_X=y\n",
                    "CONFIG_" + enemy + "=" + enemy});
}

TEST(Diff, Golden) {
  testing::expect_golden(render_diff(example_diff(), {.width = 140}), "reports/testdata/diff.txt");
  testing::expect_golden(render_diff_markdown(example_diff()), "reports/testdata/diff.md");
}

TEST(Diff, TheLargestFirstAndWhatIsAlikeCounted) {
  const RunDiff diff = example_diff();
  std::vector<std::string> names;
  for (const ComparisonRow& row : diff.metrics) names.push_back(row.metric);
  // A check that turned, a count that went to nothing, then by ratio.
  EXPECT_THAT(names, ElementsAre("checklist.zram_swap", "footprint.modules_loaded", "boot.to_init", "boot.to_ready",
                                 "syscall.null", "syscall.read", "footprint.image_bytes", "page_fault.anonymous",
                                 "context_switch.process.pipe"));
  EXPECT_EQ(diff.metrics_alike, 3U);
  ASSERT_EQ(diff.claims.size(), 2U);
  EXPECT_EQ(diff.claims[0].first.claim.id, "A23") << "another verdict before another figure";
  EXPECT_EQ(diff.claims_alike, 3U);
  EXPECT_EQ(diff.phases[0].name, "start_kernel to init");
  EXPECT_EQ(diff.phases[0].difference(), -401440000);
  EXPECT_EQ(diff.comparison.verdict, example_diff().comparison.verdict);
}

TEST(Diff, OptionsThatTurnedComeFirst) {
  const auto options = option_differences(kFirstConfig, kSecondConfig);
  ASSERT_EQ(options.size(), 4U);
  EXPECT_EQ(options[0].name, "EXT4_FS");
  EXPECT_EQ(options[0].first, "n");
  EXPECT_EQ(options[0].second, "y");
  EXPECT_EQ(options[1].name, "NEW");
  EXPECT_EQ(options[1].first, "");
  EXPECT_EQ(options[2].name, "HZ");
  EXPECT_EQ(options[3].name, "GONE");
}

TEST(Diff, WhereSomethingLayIsNoDifference) {
  const RunDiff diff = example_diff();
  EXPECT_THAT(diff.words_first, ElementsAre("kernel: quiet", "-m 256"));
  EXPECT_THAT(diff.words_second, ElementsAre("kernel: initcall_debug", "-m 512"));
}

TEST(Diff, ProvenanceIsFlat) {
  const auto facts = provenance_facts(testing::example_run());
  EXPECT_EQ(facts.at("input cpu_model"), "Skylake-Client-v1");
  std::vector<std::string> names;
  for (const TextDifference& row : example_diff().provenance) names.push_back(row.name);
  EXPECT_THAT(names, Contains("build source.revision"));
  EXPECT_THAT(names, Not(Contains("command")));
}

TEST(Diff, TheSameRunTwiceDiffersInNothing) {
  const RunRecord run = testing::example_run();
  const RunDiff diff = diff_runs({run, run, testing::example_claims(), testing::example_claims(), "", ""});
  EXPECT_THAT(diff.metrics, IsEmpty());
  EXPECT_THAT(diff.claims, IsEmpty());
  EXPECT_THAT(diff.provenance, IsEmpty());
  EXPECT_THAT(diff.phases, IsEmpty());
  EXPECT_THAT(diff_headline(diff), HasSubstr("nothing differs"));
}

TEST(Diff, JsonIsOneDocument) {
  const Json json = parse_json(diff_to_json(example_diff(), 2), "diff").value();
  EXPECT_EQ(json["comparison"]["rows"].size(), 12U);
  EXPECT_EQ(json["options"].size(), 4U);
  EXPECT_EQ(json["alike"]["metrics"], 3);
}

TEST(Diff, NothingFromAGuestIsAlive) {
  const RunDiff diff = hostile_diff();
  for (const std::string& text : {render_diff(diff, {.width = 100000}), render_diff_markdown(diff),
                                  render_diff_html(diff), diff_to_json(diff, 2)}) {
    for (const char c : text) {
      ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || (text.front() == '<' && c == '\t'));
    }
    EXPECT_THAT(text, Not(HasSubstr("\xc2\x9b")));
    EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
  }
  for (const std::string& text : {render_diff_markdown(diff), render_diff_html(diff)}) {
    for (const char* bad : {"<script>alert", "<img"}) EXPECT_THAT(text, Not(HasSubstr(bad)));
  }
}

TEST(Diff, MarkdownLinksNothing) { EXPECT_THAT(render_diff_markdown(hostile_diff()), Not(HasSubstr("](javascript"))); }

TEST(MarkdownNote, FitsIntoOneCommentWhateverIsInIt) {
  MarkdownNote note;
  note.text("### in sight\n");
  std::string row;
  for (int i = 0; i < 5000; ++i) row += "| a row of a table |\n";
  note.fold("long", row);
  note.fold("short", "- one\n- two\n");
  note.fold("long too", row);
  const std::string text = note.str();
  EXPECT_LE(text.size(), kMostMarkdown);
  EXPECT_GT(text.size(), kMostMarkdown - 1000) << "the room is used";
  EXPECT_THAT(text, HasSubstr("### in sight"));
  EXPECT_THAT(text, HasSubstr("- one\n- two\n\n</details>"));
  EXPECT_THAT(text, HasSubstr(" more lines: a comment holds no more"));
  EXPECT_EQ(text.find("| a row of a table |\n|"), text.find("| a row")) << "rows are whole";
  MarkdownNote huge;
  huge.text(std::string(100'000, 'x') + "\n");
  EXPECT_LE(huge.str().size(), kMostMarkdown);
}

}  // namespace
}  // namespace aios
