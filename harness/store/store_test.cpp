// SPDX-License-Identifier: Apache-2.0
#include "harness/store/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>

#include "harness/store/collect.h"
#include "harness/store/testing/sample_run.h"
#include "harness/store/transfer.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

class StoreTest : public ::testing::Test {
 protected:
  std::string add(Store& store, const std::string& subject, const std::string& label = "", bool sealed = true) {
    RunRecord run = testing::head(subject, label);
    RunBundle bundle = store.create_run(run).value();
    EXPECT_TRUE(bundle.append_boot(testing::boot(0), testing::samples(0)).ok());
    run.outcome = "complete";
    run.inputs = inputs_;
    EXPECT_TRUE(!sealed || bundle.seal(run).ok());
    store.note_run(bundle.id());
    return bundle.id();
  }
  fs::path root(const char* name = "store") const { return scratch_.path() / name; }
  ScratchFolder scratch_ = ScratchFolder::create("aios-bench-test").value();
  std::map<std::string, std::string> inputs_;
  NoProgress progress_;
  CancelToken cancel_;
};

TEST_F(StoreTest, ListsNewestFirstAndFilters) {
  Store store = Store::open(root()).value();
  const std::string first = add(store, "aios", "before");
  const std::string second = add(store, "debian");
  const std::string third = add(store, "aios", "after");
  const auto all = store.list().value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].id, third);
  EXPECT_EQ(all[2].id, first);
  EXPECT_EQ(all[0].samples, 3);
  EXPECT_TRUE(all[0].sealed);
  EXPECT_EQ(store.list({.kernel = "debian"}).value().size(), 1U);
  EXPECT_EQ(store.list({.label = "before"}).value().front().id, first);
  EXPECT_EQ(store.list({.outcome = "failed"}).value().size(), 0U);
  EXPECT_EQ(store.list({.scenario = "syscall"}).value().size(), 3U);
  EXPECT_EQ(store.list({.scenario = "sys"}).value().size(), 0U);
  EXPECT_EQ(store.newest({.subject = "aios", .machine = "fake"}).value()->id, third);
  EXPECT_FALSE(store.newest({.subject = "aios", .machine = "other"}).value().has_value());
}

TEST_F(StoreTest, ASummaryCountsWhatTheLabDidWrong) {
  Store store = Store::open(root()).value();
  RunRecord run = testing::head();
  run.append = {"mitigations=off"};
  RunBundle bundle = store.create_run(run).value();
  BootRecord twice = testing::boot(0);
  twice.attempts = 2;
  BootRecord never = testing::boot(1);
  never.attempts = 3;
  never.ok = false;
  never.error_kind = "infra_fault";
  for (const BootRecord& boot : {twice, never}) {
    ASSERT_TRUE(bundle.append_boot(boot, {}).ok());
    run.boots.push_back(boot);
  }
  run.outcome = "infra";
  run.provenance.finished = "2026-11-20T19:45:00Z";
  ASSERT_TRUE(bundle.seal(run).ok());
  const RunSummary seen = store.list().value().at(0);
  EXPECT_EQ(seen.lab_faults, 1 + 2 + 1);
  EXPECT_TRUE(seen.own_words);
  EXPECT_EQ(seen.finished, "2026-11-20T19:45:00Z");
  EXPECT_EQ(seen.error, "");
}

TEST_F(StoreTest, FindsByIdPrefixLabelAndLatest) {
  Store store = Store::open(root()).value();
  const std::string first = add(store, "aios", "before");
  const std::string second = add(store, "aios", "before");
  EXPECT_EQ(store.find(first).value(), first);
  EXPECT_EQ(store.find(first.substr(0, 21)).value(), first);
  EXPECT_EQ(store.find("before").value(), second);
  EXPECT_EQ(store.find("latest").value(), second);
  EXPECT_THAT(store.find(first.substr(0, 6)).error().what, HasSubstr("begins 2 runs"));
  EXPECT_THAT(store.find("befroe").error().what, HasSubstr("did you mean 'before'?"));
  EXPECT_EQ(store.find("../../etc").error().kind, ErrorKind::config);
}

TEST_F(StoreTest, TheIndexCanBeThrownAwayOrDamaged) {
  {
    Store store = Store::open(root()).value();
    add(store, "aios");
    ASSERT_EQ(store.list().value().size(), 1U);
    ASSERT_TRUE(store.rebuild().ok());
    ASSERT_EQ(store.list().value().size(), 1U);
  }
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(root() / (std::string("index.sqlite") + suffix));
  EXPECT_EQ(Store::open(root()).value().list().value().size(), 1U);
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(root() / (std::string("index.sqlite") + suffix));
  std::ofstream(root() / "index.sqlite") << "this is no data base, and quite long enough to be looked at as one";
  EXPECT_EQ(Store::open(root()).value().list().value().size(), 1U);
}

TEST_F(StoreTest, TheIndexFollowsTheFolder) {
  Store store = Store::open(root()).value();
  const std::string id = add(store, "aios");
  add(store, "debian");
  fs::remove_all(store.run_folder(id));
  EXPECT_EQ(store.list().value().size(), 1U);
  const std::string running = add(store, "aios", "", /*sealed=*/false);
  EXPECT_EQ(store.list({.kernel = "aios"}).value().at(0).outcome, "interrupted");
  std::ofstream(store.run_folder(running) / "run.json") << "{";
  EXPECT_EQ(store.list().value().at(0).outcome, "unreadable");
}

TEST_F(StoreTest, TwoProcessesAtOnce) {
  constexpr int kEach = 10;
  Store store = Store::open(root()).value();
  std::vector<pid_t> children;
  for (int i = 0; i < 2; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      Store own = Store::open(root()).value();
      for (int run = 0; run < kEach; ++run) {
        add(own, "aios");
        if (!own.list().ok()) ::_exit(1);
      }
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int state = -1;
    ::waitpid(child, &state, 0);
    EXPECT_EQ(state, 0);
  }
  EXPECT_EQ(store.list({.sealed_only = true}).value().size(), 2U * kEach);
}

TEST_F(StoreTest, ANewerStoreIsRefused) {
  ASSERT_TRUE(Store::open(root()).ok());
  std::ofstream(root() / "format") << R"({"schema":99})";
  const auto opened = Store::open(root());
  ASSERT_FALSE(opened.ok());
  EXPECT_THAT(opened.error().hint, HasSubstr("newer"));
}

TEST_F(StoreTest, PushIsWholeAndCanBeRepeated) {
  Store store = Store::open(root()).value();
  inputs_["config"] = store.put_artifact_text("CONFIG_X=y\n").value();
  const std::string id = add(store, "aios");
  add(store, "aios", "", /*sealed=*/false);
  Store other = Store::open(root("other")).value();
  const TransferReport first = transfer_runs(store, other, {}, progress_, cancel_).value();
  EXPECT_EQ(first.copied, std::vector<std::string>{id});
  EXPECT_EQ(first.unsealed.size(), 1U);
  EXPECT_GT(first.bytes, 0U);
  EXPECT_TRUE(other.verify(id).ok());
  EXPECT_TRUE(other.artifact(inputs_["config"]).has_value());
  EXPECT_EQ(other.list().value().size(), 1U);
  const TransferReport again = transfer_runs(store, other, {}, progress_, cancel_).value();
  EXPECT_TRUE(again.copied.empty());
  EXPECT_EQ(again.present, std::vector<std::string>{id});
  std::size_t left = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(other.runs())) ++left;
  EXPECT_EQ(left, 1U);
}

TEST_F(StoreTest, ADamagedBundleIsNotPassedOn) {
  Store store = Store::open(root()).value();
  const std::string id = add(store, "aios");
  std::ofstream(store.run_folder(id) / "boots.jsonl", std::ios::app) << "x";
  EXPECT_FALSE(store.verify(id).ok());
  Store other = Store::open(root("other")).value();
  const TransferReport report = transfer_runs(store, other, {}, progress_, cancel_).value();
  EXPECT_TRUE(report.copied.empty());
  ASSERT_EQ(report.conflicts.size(), 1U);
  EXPECT_THAT(report.conflicts[0], HasSubstr("boots.jsonl"));
  EXPECT_TRUE(fs::is_empty(other.runs()));
  cancel_.cancel();
  EXPECT_EQ(transfer_runs(store, other, {}, progress_, cancel_).error().kind, ErrorKind::interrupted);
}

TEST_F(StoreTest, GarbageIsWhatCanBeMadeAgain) {
  Store store = Store::open(root()).value();
  inputs_["config"] = store.put_artifact_text("used").value();
  const std::string unused = store.put_artifact_text("unused").value();
  fs::last_write_time(store.artifact_path(unused), fs::file_time_type::clock::now() - std::chrono::hours(48));
  const std::string kept = add(store, "aios");
  const std::string killed = add(store, "aios", "", /*sealed=*/false);
  fs::create_directories(store.cache() / "builds/abc");
  std::ofstream(store.cache() / "builds/abc/vmlinux") << std::string(1000, 'x');
  fs::create_directories(store.cache() / "locks");
  std::ofstream(store.cache() / "locks/abc.lock") << "";

  CollectPolicy policy;
  policy.dry_run = true;
  const CollectReport seen = collect_garbage(store, policy).value();
  EXPECT_TRUE(fs::exists(store.artifact_path(unused)) || seen.items.empty());
  policy.dry_run = false;
  policy.cache_age = std::chrono::hours(0);
  const CollectReport first = collect_garbage(store, policy).value();
  EXPECT_GE(first.bytes, 1000U);
  EXPECT_FALSE(fs::exists(store.cache() / "builds/abc"));
  EXPECT_TRUE(fs::exists(store.cache() / "locks/abc.lock"));  // a build may hold it
  EXPECT_TRUE(store.artifact(inputs_["config"]).has_value());
  EXPECT_EQ(store.list().value().size(), 2U);  // a killed run with a finished boot is a result
  policy.killed_runs = true;
  ASSERT_TRUE(collect_garbage(store, policy).ok());
  EXPECT_EQ(store.list().value().size(), 1U);
  add(store, "aios");
  policy.keep_runs = 1;
  ASSERT_TRUE(collect_garbage(store, policy).ok());
  EXPECT_EQ(store.list().value().size(), 1U);
  EXPECT_FALSE(fs::exists(store.run_folder(kept)));
}

}  // namespace
}  // namespace aios
