// SPDX-License-Identifier: Apache-2.0
#include "harness/store/verdict_note.h"

#include <gtest/gtest.h>

#include "harness/store/transfer.h"

namespace aios {
namespace {

std::string sealed_run(Store& store, const std::string& label) {
  RunRecord head;
  head.subject = head.kernel = "aios";
  head.label = label;
  head.mode = "exact";
  head.outcome = "running";
  RunBundle bundle = store.create_run(head).value();
  head.outcome = "complete";
  EXPECT_TRUE(bundle.seal(head).ok());
  store.note_run(bundle.id());
  return bundle.id();
}

TEST(VerdictNote, TheLastGoodRunIsTheNewestThatNoGateRefused) {
  const ScratchFolder scratch = ScratchFolder::create("aios-bench-test").value();
  Store store = Store::open(scratch.path() / "store").value();
  EXPECT_EQ(last_good_run(store, "main").error().kind, ErrorKind::config);
  const std::string first = sealed_run(store, "main");
  EXPECT_EQ(last_good_run(store, "main").value(), first) << "nobody has judged it yet";
  const std::string second = sealed_run(store, "main");
  ASSERT_TRUE(write_verdict(store, {second, first, "pass", "2026-01-01T00:00:00Z"}).ok());
  EXPECT_EQ(last_good_run(store, "main").value(), second);
  const std::string third = sealed_run(store, "main");
  ASSERT_TRUE(write_verdict(store, {third, second, "fail", "2026-01-02T00:00:00Z"}).ok());
  EXPECT_EQ(last_good_run(store, "main").value(), second);
  ASSERT_TRUE(write_verdict(store, {third, second, "pass", "2026-01-03T00:00:00Z"}).ok());
  EXPECT_EQ(last_good_run(store, "main").value(), third) << "accepted since";
  sealed_run(store, "other");
  EXPECT_EQ(last_good_run(store, "main").value(), third);
}

TEST(VerdictNote, TravelsWithItsRun) {
  const ScratchFolder scratch = ScratchFolder::create("aios-bench-test").value();
  Store runner = Store::open(scratch.path() / "runner").value();
  Store shared = Store::open(scratch.path() / "shared").value();
  const std::string run = sealed_run(runner, "main");
  NoProgress progress;
  const CancelToken cancel;
  ASSERT_EQ(transfer_runs(runner, shared, {}, progress, cancel)->copied.size(), 1U);
  EXPECT_FALSE(verdict_on(shared, run));
  ASSERT_TRUE(write_verdict(runner, {run, "", "fail", "2026-01-02T00:00:00Z"}).ok());
  ASSERT_EQ(transfer_runs(runner, shared, {}, progress, cancel)->present.size(), 1U);
  EXPECT_EQ(verdict_on(shared, run)->verdict, "fail") << "also that of a run that is there already";
}

}  // namespace
}  // namespace aios
