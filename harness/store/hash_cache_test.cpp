// SPDX-License-Identifier: Apache-2.0
#include "harness/store/hash_cache.h"

#include <gtest/gtest.h>

#include <fstream>

#include "harness/support/hash.h"

namespace aios {
namespace {

TEST(HashCache, RemembersWhatHasSettledAndSeesEveryChange) {
  const ScratchFolder scratch = ScratchFolder::create("aios-bench-test").value();
  const Store store = Store::open(scratch.path() / "store").value();
  const fs::path file = scratch.path() / "kernel";
  const auto write = [&](const char* text, int seconds_ago) {
    std::ofstream(file) << text;
    fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::seconds(seconds_ago));
  };
  write("one", 100);
  EXPECT_EQ(cached_file_hash(store, file).value(), sha256("one"));
  ASSERT_FALSE(fs::is_empty(store.cache() / "hashes"));
  const fs::path remembered = fs::directory_iterator(store.cache() / "hashes")->path();
  std::string text = read_file(remembered).value();
  text.replace(text.size() - 64, 64, sha256("believed"));
  std::ofstream(remembered) << text;
  EXPECT_EQ(cached_file_hash(store, file).value(), sha256("believed"));  // it was not read again
  write("two", 50);
  EXPECT_EQ(cached_file_hash(store, file).value(), sha256("two"));
  write("six", 0);  // may change again within its time stamp
  EXPECT_EQ(cached_file_hash(store, file).value(), sha256("six"));
  std::ofstream(remembered) << "damaged";
  EXPECT_EQ(cached_file_hash(store, file).value(), sha256("six"));
  EXPECT_EQ(cached_file_hash(store, scratch.path() / "none").error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace aios
