// SPDX-License-Identifier: Apache-2.0
// A guest that writes markup, control characters and terminal escapes, on its console and in its frames, booted for
// real: whatever the program then prints, nothing of it is alive.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/boot_sector.h"
#include "harness/cli/testing/tiny_history.h"
#include "harness/support/files.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// On a serial line, byte by byte; the second half speaks KTAP, so that its names become metrics.
const std::string kConsole =
    "up\n</script><script>alert(1)</script><img src=x onerror=alert(2)>\n"
    "\x1b[2J\x1b]0;owned\x07\x9b\x33\x31m\xc2\x9b\x33\x31m\xe2\x80\xae txt\x7f\x08\x08\n"
    "KTAP version 1\n1..2\nnot ok 1 =cmd|' /C calc'!A0<script>alert(3)</script>\x1b[31m # \x1b[2J<b>why\n"
    "ok 2 `x`](javascript:b)@all|\n";

// The same in a frame's JSON.
const std::string kInJson =
    "</script><script>alert(4)</script><img src=x onerror=alert(5)>\\u001b[2J\\u001b]0;owned\\u0007\\u009b31m"
    "\\u202e =cmd|' /C calc'!A0 `x` [a](javascript:b) @all\\u0000\\u007f";

std::string c_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// The tiny kernel, saying more than it should: its frames in the middle of its one scenario, a plain text at the end.
void make_hostile(TinyHistory& tiny, const std::vector<std::string>& frames) {
  std::string source = read_file(tiny.repository() / "main.c").value();
  const auto insert = [&](const std::string& before, const std::string& more) {
    const auto at = source.find(before);
    ASSERT_NE(at, std::string::npos) << before;
    source.insert(at, more);
  };
  std::string sends;
  for (const std::string& frame : frames) sends += "  send(\"" + c_text(frame) + "\");\n";
  insert("  send(\"{\\\"t\\\":\\\"end\\\"", sends);
  insert("  AIOS_MARK_POINT(3);", "  put_text(\"<script>alert(6)</script>\\033[2J\\r\\n\\033]0;owned\\007\\n\");\n");
  tiny.write("main.c", source);
}

std::size_t utf8_at(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned lead = byte(at);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  return length;
}

// Nothing that a terminal acts on, and nothing that turns the writing's direction.
void expect_dead(const std::string& what, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    ASSERT_TRUE(byte >= 0x20 || byte == '\n' || byte == '\t')
        << what << ": control character " << int{byte} << " in '" << text.substr(at > 60 ? at - 60 : 0, 120) << "'";
    ASSERT_NE(byte, 0x7f) << what;
    const std::size_t length = utf8_at(text, at);
    ASSERT_NE(length, 0U) << what << ": not UTF-8 at " << at;
    const std::string_view letter(text.data() + at, length);
    ASSERT_FALSE(length == 2 && byte == 0xc2 && static_cast<unsigned char>(text[at + 1]) < 0xa0) << what << ": C1";
    ASSERT_NE(letter, "\xe2\x80\xae") << what;
    at += length;
  }
}

void expect_no_markup(const std::string& what, const std::string& text) {
  for (const char* bad : {"<script>alert", "<img src=x", "<b>why"}) {
    EXPECT_EQ(text.find(bad), std::string::npos) << what << ": " << bad;
  }
}

class Hostile : public ::testing::Test {
 protected:
  std::string output(const std::vector<std::string>& words, int wanted = 0) {
    const Captured got = bench(words, env_, folder());
    const std::string what = words[0] + (words.size() > 1 ? " " + words[1] : "");
    const std::vector<int> verdicts = {wanted, wanted == 0 ? 1 : wanted, wanted == 0 ? 4 : wanted};
    EXPECT_THAT(verdicts, ::testing::Contains(got.exit.code)) << what << ": " << got.err;
    expect_dead(what + ", standard output", got.out);
    expect_dead(what + ", standard error", got.err);
    return got.out;
  }
  std::string file(const std::string& name) {
    const std::string text = read_file(folder() / name).value_or("");
    EXPECT_NE(text, "") << name;
    expect_dead(name, text);
    return text;
  }
  // Everything that can be said of one stored run, and of two.
  void look_everywhere(const std::string& run, const std::string& other) {
    for (const auto& words : std::vector<std::vector<std::string>>{{"log", run},
                                                                   {"log", run, "--all"},
                                                                   {"store", "list"},
                                                                   {"store", "list", "--json"},
                                                                   {"compare", other, run},
                                                                   {"compare", other, run, "--json"},
                                                                   {"claims"},
                                                                   {"trend", "--all"},
                                                                   {"diff-report", other, run},
                                                                   {"diff-report", other, run, "--json"},
                                                                   {"report", run, "--json"}}) {
      output(words);
    }
    output({"report", run, "--html", "run.html", "--markdown", "run.md"});
    output({"report", other, run, "--html", "two.html", "--markdown", "two.md"});
    output({"diff-report", other, run, "--html", "diff.html", "--markdown", "diff.md"});
    output({"gate", "run:" + other, "run:" + run, "--markdown", "gate.md", "--junit", "gate.xml", "--annotations",
            "github:gate.txt", "--annotations", "gitlab:gate.json"});
    for (const char* name :
         {"run.html", "two.html", "diff.html", "run.md", "two.md", "diff.md", "gate.md", "gate.xml"}) {
      expect_no_markup(name, file(name));
    }
    for (const char* name : {"gate.txt", "gate.json"}) file(name);
    for (const char* name : {"run.md", "two.md", "diff.md", "gate.md"}) {
      EXPECT_THAT(file(name), Not(HasSubstr("](javascript"))) << name;
      EXPECT_LE(file(name).size(), 65536U) << name;
    }
    expect_no_markup("JUnit", output({"export", "junit", run}));
    output({"export", "prometheus", run});
    output({"export", "prometheus"});
    const std::string ktap = output({"export", "ktap", run});
    EXPECT_THAT(ktap, Not(HasSubstr("\n# SKIP")));
    for (const auto& line : split(output({"export", "csv", run}), '\n')) {
      for (const char* field : {",=", ",+cmd", ",@", ",\"="}) {
        EXPECT_EQ(line.find(field), std::string::npos) << line;
      }
    }
  }
  // And of the whole store.
  void look_at_the_site() {
    output({"site", "public"});
    for (const auto& entry : fs::recursive_directory_iterator(folder() / "public")) {
      const std::string name = fs::relative(entry.path(), folder()).string();
      if (!entry.is_regular_file() || name.find("echarts") != std::string::npos || name.ends_with(".lock")) continue;
      expect_no_markup(name, file(name));
    }
  }
  fs::path folder() const { return scratch_.path(); }

  ScratchFolder scratch_ = ScratchFolder::create("aios-bench-hostile").value();
  std::map<std::string, std::string> env_ = {{"AIOS_BENCH_HOME", (scratch_.path() / "store").string()}};
};

TEST_F(Hostile, ABlackBoxWithAnEnemysConsole) {
  ASSERT_TRUE(write_file_atomic(folder() / "box.img", boot_sector(kConsole, kHalt)).ok());
  const std::string shown = output({"run", "./box.img", "--marker", "up", "--label", "first", "--console"});
  EXPECT_THAT(shown, HasSubstr("ktap._cmd___/C_calc__A0_script_alert_3__/script_")) << "it is a check of the run";
  output({"run", "./box.img", "--marker", "up", "--marker", "<script>alert(7)</script>\x1b[2J", "--timeout", "4",
          "--label", "second"});
  const std::string log = output({"log", "first"});
  EXPECT_THAT(log, HasSubstr("\\x1b[2J")) << "it is shown, but dead";
  EXPECT_THAT(log, HasSubstr("<script>alert(1)</script>")) << "a terminal knows no markup";
  look_everywhere("second", "first");
  look_at_the_site();
}

TEST_F(Hostile, AKernelThatLiesInItsFrames) {
  TinyHistory tiny;
  for (const auto& [key, value] : tiny.environment()) env_[key] = value;
  output({"run", "tiny", "--scenario", "syscall", "--label", "first", "--console"});
  make_hostile(tiny, {R"({"t":"check","name":"forged","ok":false,"detail":")" + kInJson + "\"}",
                      R"({"t":"check","name":"missing","ok":true,"skipped":true,"detail":")" + kInJson + "\"}",
                      R"({"t":"log","text":")" + kInJson + "\"}",
                      R"({"t":"sample","metric":"syscall.extra","unit":"count","value":3,"iterations":1})"});
  tiny.commit("an enemy");
  const std::string shown = output({"run", "tiny", "--scenario", "syscall", "--label", "second", "--console"});
  EXPECT_THAT(shown, HasSubstr("syscall.forged"));
  EXPECT_THAT(shown, HasSubstr("\\x1b[2J"));
  look_everywhere("second", "first");
  look_everywhere("first", "second");

  // A name is no free text: such a frame is refused, and what is said of it is dead too.
  make_hostile(tiny, {R"({"t":"check","name":")" + kInJson + R"(","ok":true,"detail":""})"});
  tiny.commit("an enemy of names");
  EXPECT_THAT(output({"run", "tiny", "--scenario", "syscall", "--label", "third", "--console"}, 3),
              HasSubstr("a character that a name cannot have"));
  output({"log", "third", "--all"});
  output({"report", "third", "--html", "third.html", "--markdown", "third.md"});
  for (const char* name : {"third.html", "third.md"}) expect_no_markup(name, file(name));
  look_at_the_site();
}

}  // namespace
}  // namespace aios
