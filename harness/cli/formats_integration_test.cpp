// SPDX-License-Identifier: Apache-2.0
// What is written for other programs, read by those programs: Google Benchmark's compare.py, the kernel's own KTAP
// parser, an XML parser, a JSON schema validator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/cli/testing/bench_program.h"
#include "harness/cli/testing/stored_examples.h"
#include "harness/support/files.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

constexpr const char* kCompare = "/usr/share/benchmark/compare.py";

Captured tool(std::vector<std::string> words, fs::path cwd = {}) {
  CaptureOptions options;
  options.timeout = std::chrono::minutes(2);
  auto got = run_command({.argv = std::move(words), .cwd = std::move(cwd)}, options);
  if (got.ok()) return std::move(got).value();
  ADD_FAILURE() << got.error().describe();
  return {{false, 255}, {}, {}};
}

Json json_file(const fs::path& path) {
  auto text = read_file(path);
  if (!text.ok()) return {};
  auto json = parse_json(*text, path.string());
  return json.ok() ? std::move(json).value() : Json();
}

// Two timed runs as people compare them: eight boots each, the second a tenth slower.
class Compared : public ::testing::Test {
 protected:
  std::string put(const char* subject, double scale) { return examples_.put(testing::timed_run(subject, scale, 8)); }
  Json compare_py(const std::string& first, const std::string& second) {
    for (const auto& [run, file] : {std::pair(first, "base.json"), {second, "new.json"}}) {
      const Captured got =
          bench({"export", "google-benchmark", run, "--output", examples_.file(file).string()}, examples_.env());
      EXPECT_EQ(got.exit.code, 0) << got.err;
    }
    const fs::path out = examples_.file("diff.json");
    const Captured got = tool({"/usr/bin/python3", kCompare, "--no-color", "-d", out.string(), "benchmarks",
                               examples_.file("base.json").string(), examples_.file("new.json").string()});
    EXPECT_EQ(got.exit.code, 0) << got.err;
    return json_file(out);
  }
  ExampleStore examples_;
};

// compare.py ends well even where it found nothing to compare: what it found is looked at.
TEST_F(Compared, GoogleBenchmarksOwnComparePySeesEveryTimeAndTheSameP) {
  const std::string first = put("debian", 1), second = put("aios", 1.1);
  const Json diff = compare_py(first, second);
  std::map<std::string, Json> rows;
  for (const Json& row : diff) rows[row.value("name", "")] = row;
  ASSERT_EQ(rows.size(), 4U) << diff.dump();  // three times and the geometric mean
  const Json ours = bench_json({"compare", first, second, "--json"}, 1, examples_.env());
  ASSERT_EQ(ours.at("rows").size(), 3U);
  for (const Json& row : ours.at("rows")) {
    const Json& theirs = rows.at(row.at("metric"));
    EXPECT_EQ(theirs.at("measurements").size(), 8U) << "a repetition a boot";
    EXPECT_EQ(theirs.at("time_unit"), "ns");
    ASSERT_TRUE(theirs.at("utest").contains("time_pvalue")) << theirs.dump();
    EXPECT_NEAR(theirs.at("utest").at("time_pvalue").get<double>(), row.at("p").get<double>(), 1e-9)
        << row.at("metric");
  }
  const Json& mean = rows.at("OVERALL_GEOMEAN").at("measurements").at(0);
  EXPECT_NEAR(mean.at("time").get<double>(), 0.1, 0.01);
}

TEST_F(Compared, ComparePySeesNoDifferenceBetweenARunAndItself) {
  const std::string run = put("debian", 1);
  for (const Json& row : compare_py(run, run)) {
    for (const Json& entry : row.at("measurements")) EXPECT_EQ(entry.at("time"), 0);
  }
}

TEST_F(Compared, ARunWithoutTimesIsRefusedNotWrittenEmpty) {
  const std::string run = examples_.put(testing::example_run());
  const Captured got = bench({"export", "google-benchmark", run}, examples_.env());
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_EQ(got.out, "");
  EXPECT_THAT(got.err, HasSubstr("no times"));
  EXPECT_EQ(bench({"export", "google-benchmark", run, run}, examples_.env()).exit.code, 2);
}

// The kernel's own reader, from the sources that the built kernel was made of.
fs::path kunit_tool() {
  const char* home = std::getenv("AIOS_BENCH_HOME");
  std::error_code code;
  if (home == nullptr) return {};
  for (const auto& entry : fs::directory_iterator(fs::path(home) / "cache" / "sources", code)) {
    const fs::path tool = entry.path() / "tools/testing/kunit/kunit.py";
    if (fs::exists(tool)) return tool;
  }
  return {};
}

TEST(Ktap, TheKernelsOwnParserReadsWhatIsWritten) {
  const fs::path kunit = kunit_tool();
  ASSERT_FALSE(kunit.empty()) << "the sources of a built kernel are in $AIOS_BENCH_HOME";
  ExampleStore examples;
  const std::string run = examples.put(testing::example_run());
  const fs::path file = examples.file("run.ktap");
  ASSERT_EQ(bench({"export", "ktap", run, "--output", file.string()}, examples.env()).exit.code, 0);
  const Captured got = tool({"/usr/bin/python3", kunit.string(), "parse", file.string()});
  EXPECT_EQ(got.exit.code, 1) << "one check failed: " << got.err;
  EXPECT_THAT(got.out, HasSubstr("Testing complete. Ran 12 tests: passed: 10, failed: 1, skipped: 1"));
  EXPECT_THAT(got.out, ::testing::Not(HasSubstr("ERROR")));
}

TEST(Ktap, ResultsFromElsewhereAreARunLikeAnyOther) {
  ExampleStore examples;
  examples.put(testing::example_run());
  const fs::path log = examples.file("selftests.log");
  const std::string good =
      "noise\nTAP version 13\n1..2\n# selftests: timers: posix\n# TAP version 13\n# 1..2\n# ok 1 create\n"
      "# ok 2 delete\nok 1 selftests: timers: posix\nok 2 selftests: timers: raw # SKIP\n";
  ASSERT_TRUE(write_file_atomic(log, good).ok());
  const Json before = bench_json({"import", "ktap", log.string(), "--subject", "aios", "--machine", "rack-7", "--json"},
                                 0, examples.env());
  EXPECT_EQ(before.at("mode"), "imported");
  EXPECT_EQ(before.at("subject"), "aios");
  std::string bad = good;
  bad.replace(bad.find("# ok 2 delete"), 4, "# not ok");
  ASSERT_TRUE(write_file_atomic(log, bad).ok());
  const Captured after = bench(
      {"import", "ktap", log.string(), "--subject", "aios", "--machine", "rack-7", "--label", "after"}, examples.env());
  EXPECT_EQ(after.exit.code, 0) << after.err;
  EXPECT_THAT(after.out, HasSubstr("ktap.selftests:_timers:_posix/delete"));
  const Json measured = bench_json({"report", "aios", "--json"}, 0, examples.env());
  EXPECT_EQ(measured.at("runs").at(0).at("mode"), "exact") << "a subject is what was measured here";
  // A test that broke is worse.
  const std::string first = before.at("provenance").at("run");
  const Json compared = bench_json({"compare", first, "after", "--json"}, 1, examples.env());
  EXPECT_EQ(compared.at("verdict"), "worse");
  EXPECT_THAT(bench({"log", "after"}, examples.env()).out, HasSubstr("selftests: timers: posix"));
  ASSERT_TRUE(write_file_atomic(log, "ok 1 this is no KTAP\n").ok());
  EXPECT_EQ(bench({"import", "ktap", log.string()}, examples.env()).exit.code, 2);
}

TEST(JUnit, AnXmlParserReadsIt) {
  ExampleStore examples;
  const std::string plain = examples.put(testing::example_run());
  const std::string hostile = examples.put(testing::hostile_run());
  const fs::path file = examples.file("junit.xml");
  ASSERT_EQ(bench({"export", "junit", plain, hostile, "--output", file.string()}, examples.env()).exit.code, 0);
  const Captured got = tool({"/usr/bin/python3", "-c",
                             "import sys, xml.etree.ElementTree as e\nroot = e.parse(sys.argv[1]).getroot()\n"
                             "print(root.tag, len(root), len(root.findall('.//failure')))\n"
                             "print(sorted({n.tag for n in root.iter()}))",
                             file.string()});
  EXPECT_EQ(got.exit.code, 0) << got.err;
  EXPECT_THAT(got.out, HasSubstr("testsuites 2 "));
  EXPECT_THAT(got.out, HasSubstr("['error', 'failure', 'skipped', 'testcase', 'testsuite', 'testsuites']"));
}

TEST(Csv, APythonReaderSeesEverySample) {
  ExampleStore examples;
  const std::string hostile = examples.put(testing::hostile_run());
  const fs::path file = examples.file("samples.csv");
  ASSERT_EQ(bench({"export", "csv", hostile, "--output", file.string()}, examples.env()).exit.code, 0);
  const Captured got = tool({"/usr/bin/python3", "-c",
                             "import csv, sys\nrows = list(csv.DictReader(open(sys.argv[1])))\n"
                             "print(len(rows), {len(r) for r in rows}, "
                             "[v for r in rows for v in r.values() if v[:1] in '=+-@' and v != ''])",
                             file.string()});
  EXPECT_EQ(got.out, "26 {23} []\n") << got.err;
}

}  // namespace
}  // namespace aios
