// SPDX-License-Identifier: Apache-2.0
// The command line's contract that scripts rely on, without a boot.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/cli/testing/bench_program.h"

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;

std::vector<std::string> names_in(const Json& rows, const char* key = "name") {
  std::vector<std::string> names;
  for (const auto& row : rows) names.push_back(row.value(key, ""));
  return names;
}

TEST(Contract, KernelsThatMustExist) {
  EXPECT_THAT(names_in(bench_json({"list", "kernels", "--json"})), IsSupersetOf({"aios", "debian"}));
}

TEST(Contract, ScenariosMachinesAndMetricsAreListed) {
  EXPECT_THAT(
      names_in(bench_json({"list", "scenarios", "--json"})),
      IsSupersetOf({"boot", "syscall", "context_switch", "ipc", "page_fault", "process", "footprint", "checklist"}));
  EXPECT_THAT(names_in(bench_json({"list", "machines", "--json"})),
              IsSupersetOf({"qemu-exact", "qemu-tcg", "qemu-kvm"}));
  const Json metrics = bench_json({"list", "metrics", "--json"});
  EXPECT_THAT(names_in(metrics), IsSupersetOf({"syscall.null", "context_switch.process.pipe",
                                               "ipc.unix_socket.64B.round_trip", "page_fault.anonymous"}));
  for (const auto& metric : metrics) {
    for (const char* key : {"name", "unit", "direction", "kind", "description", "scenario"}) {
      EXPECT_FALSE(metric.value(key, "").empty()) << metric << key;
    }
  }
}

TEST(Contract, EveryCommandHasHelpWithAnExample) {
  for (const char* command : {"doctor", "list",   "build", "run",       "compare",     "claims", "report", "export",
                              "serve",  "push",   "watch", "shell",     "log",         "store",  "gc",     "completion",
                              "man",    "detect", "trend", "calibrate", "diff-report", "site",   "import"}) {
    const Captured got = bench({command, "--help"});
    EXPECT_EQ(got.exit.code, 0) << command;
    EXPECT_THAT(got.out, HasSubstr("Examples:")) << command;
    EXPECT_THAT(got.out, HasSubstr("aios-bench ")) << command;
  }
}

TEST(Contract, MisspeltWordsGetASuggestionAndExitTwo) {
  Captured got = bench({"rnu"});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("did you mean 'run'"));
  got = bench({"run", "debian", "--scenaro", "boot"});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("did you mean '--scenario'"));
  got = bench({"run", "debain"});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("did you mean 'debian'"));
  got = bench({"run", "debian", "--scenario", "sycsall"});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("did you mean 'syscall'"));
  got = bench({"run", "debian", "--machine", "qemu-exat"});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("did you mean 'qemu-exact'"));
}

TEST(Contract, DoctorIsOneDocument) {
  const Captured got = bench({"doctor", "--json"});
  const Json report = parse_json(got.out, "doctor").value();
  EXPECT_TRUE(report.contains("machines"));
  EXPECT_TRUE(report.contains("checks"));
}

TEST(Contract, TheLedgerIsWhole) {
  const auto home = ScratchFolder::create().value();
  const Captured got = bench({"claims", "--json"}, {{"AIOS_BENCH_HOME", home.path().string()}});
  const Json rows = parse_json(got.out, "claims").value();
  std::set<std::string> ids;
  for (const auto& row : rows) {
    for (const char* key :
         {"id", "kernel", "claim", "target", "value", "unit", "fidelity", "verdict", "reason", "run"}) {
      EXPECT_TRUE(row.contains(key)) << row << key;
    }
    ids.insert(row.value("id", ""));
    // No run, no verdict.
    EXPECT_THAT((std::set<std::string>{"not run", "not judged"}), ::testing::Contains(row.value("verdict", ""))) << row;
  }
  EXPECT_EQ(ids.size(), 24U + 18 + 15 + 17 + 12 + 10);
}

TEST(Contract, CompletionScriptsAreValidShell) {
  const Captured script = bench({"completion", "bash"});
  const auto folder = ScratchFolder::create().value();
  ASSERT_TRUE(write_file_atomic(folder.path() / "c", script.out).ok());
  EXPECT_TRUE(run_command({.argv = {"bash", "-n", (folder.path() / "c").string()}}).value().exit.success());
  EXPECT_THAT(bench({"completion", "zsh"}).out, HasSubstr("#compdef aios-bench"));
}

TEST(Contract, ManPagesRenderWithoutComplaint) {
  const auto folder = ScratchFolder::create().value();
  ASSERT_EQ(bench({"man", "--output", folder.path().string()}).exit.code, 0);
  for (const char* page : {"aios-bench.1", "aios-bench-run.1", "aios-bench-compare.1"}) {
    const auto got = run_command({.argv = {"man", "--warnings", "-E", "UTF-8", "-l", (folder.path() / page).string()},
                                  .env = {{"MANWIDTH", "100"}, {"LC_ALL", "C.UTF-8"}}})
                         .value();
    EXPECT_TRUE(got.exit.success()) << got.err;
    EXPECT_EQ(got.err, "") << page;
    EXPECT_THAT(got.out, HasSubstr("aios-bench")) << page;
  }
}

TEST(Contract, AClosedPipeOrFullDiskIsNotSuccess) {
  const auto got = run_command({.argv = {"sh", "-c", bench_program() + " list metrics > /dev/full"}}).value();
  EXPECT_EQ(got.exit.code, 3);
}

TEST(Contract, WithoutARunReportSaysWhatToDo) {
  const auto home = ScratchFolder::create().value();
  const Captured got = bench({"report", "--markdown", "/dev/stdout"}, {{"AIOS_BENCH_HOME", home.path().string()}});
  EXPECT_EQ(got.exit.code, 2);
  EXPECT_THAT(got.err, HasSubstr("aios-bench run"));
}

}  // namespace
}  // namespace aios
