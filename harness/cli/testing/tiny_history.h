// SPDX-License-Identifier: Apache-2.0
// A git history of the tiny kernel, and the data folder that makes `tiny` a kernel of the real program: a whole
// bisection, builds and boots included, is then a matter of seconds.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/support/files.h"
#include "harness/support/process.h"

namespace aios {

class TinyHistory {
 public:
  TinyHistory() : scratch_(std::move(ScratchFolder::create("aios-tiny").value())) {
    const fs::path source = AIOS_SOURCE_DIR;
    const auto kWhole = fs::copy_options::recursive;
    fs::copy(source / "harness/cli/testing/tiny_kernel", repository(), kWhole);
    fs::copy(source / "harness/guest/mark.h", repository() / "mark.h");
    for (const char* part : {"first", "second", "third"}) write_part(part, 20);
    fs::create_directories(data() / "kernels/tiny");
    fs::create_directory_symlink(source / "scenarios", data() / "scenarios");
    write("../data/kernels/tiny/kernel.toml",
          fmt::format("name = \"tiny\"\n[source]\nkind = \"git\"\nlocation = \"{}\"\n[build]\nbuilder = \"make\"\n"
                      "image = \"kernel.elf\"\n[boot]\nlinux = false\nframes = true\n",
                      repository().string()));
    git({"init", "--quiet", "--initial-branch=main"});
    commit("the tiny kernel");
  }

  fs::path repository() const { return scratch_.path() / "source"; }
  fs::path data() const { return scratch_.path() / "data"; }
  fs::path store() const { return scratch_.path() / "store"; }
  std::map<std::string, std::string> environment() const {
    return {{"AIOS_BENCH_DATA", data().string()}, {"AIOS_BENCH_HOME", store().string()}};
  }

  void write(const std::string& file, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(repository() / file, text).ok());
  }
  // So many instructions more in one part of the measured path.
  void write_part(const std::string& part, int instructions) {
    write(part + ".inc", fmt::format(".rept {}\n        nop\n.endr\n", instructions));
  }
  // Everything as it lies there, as a commit; returns its hash.
  std::string commit(const std::string& title) {
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "-m", title});
    return head();
  }
  std::string head() { return git({"rev-parse", "HEAD"}); }
  std::string git(std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"git", "-C", repository().string(), "-c", "user.name=t", "-c", "user.email=t@example.org"});
    auto run = run_checked({.argv = std::move(words), .env = {{"GIT_CONFIG_GLOBAL", "/dev/null"}}});
    EXPECT_TRUE(run.ok()) << run.error().describe();
    if (!run.ok()) return {};
    while (!run->empty() && run->back() == '\n') run->pop_back();
    return *run;
  }

 private:
  ScratchFolder scratch_;
};

}  // namespace aios
