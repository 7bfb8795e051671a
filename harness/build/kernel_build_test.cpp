// SPDX-License-Identifier: Apache-2.0
#include "harness/build/kernel_build.h"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "harness/build/testing/fake_tree.h"
#include "harness/support/json.h"
#include "harness/support/process.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

using KernelBuild = FakeTree;

// How often the tree's own make has linked.
int links(const fs::path& cache) {
  int count = 0;
  for (const auto& tree : fs::directory_iterator(cache / "objects")) {
    const auto text = read_file(tree.path() / "builds");
    if (text.ok()) count += static_cast<int>(std::count(text->begin(), text->end(), '\n'));
  }
  return count;
}

TEST_F(KernelBuild, LeavesAWholeArtifact) {
  const auto built = build();
  ASSERT_TRUE(built.ok()) << built.error().describe();
  EXPECT_FALSE(built->from_cache);
  EXPECT_EQ(built->version, "6.0.0-fake");
  for (const auto& file :
       {built->image, built->vmlinux, built->system_map, built->config, built->audit, built->build_log}) {
    EXPECT_TRUE(fs::exists(file)) << file;
  }
  const auto record = parse_json(built->provenance_json, "record").value();
  EXPECT_EQ(record["files"]["bzImage"]["sha256"], sha256_file(built->image).value());
  EXPECT_TRUE(built->modules.empty());
}

TEST_F(KernelBuild, NothingChangedMeansNoBuild) {
  const auto first = build().value();
  const auto start = std::chrono::steady_clock::now();
  const auto second = build().value();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(300));
  EXPECT_TRUE(second.from_cache);
  EXPECT_EQ(first.key, second.key);
  EXPECT_EQ(links(root() / "cache"), 1);
}

TEST_F(KernelBuild, ATouchedFileWithTheSameContentIsTheSameKernel) {
  const auto first = build().value();
  put(source() / "good.c", "int good(void) { return 1; }\n");
  EXPECT_EQ(build().value().key, first.key);
}

TEST_F(KernelBuild, OnlyWhatChangedIsCompiledAgain) {
  const auto first = build().value();
  put(source() / "good.c", "int good(void) { return 3; }\n");
  progress.steps.clear();
  const auto second = build();
  ASSERT_TRUE(second.ok()) << second.error().describe();
  EXPECT_NE(first.key, second->key);
  EXPECT_THAT(progress.steps, ::testing::Contains(HasSubstr("good.o")));
  EXPECT_THAT(progress.steps, ::testing::Not(::testing::Contains(HasSubstr("other.o"))));
  EXPECT_TRUE(fs::exists(first.image));  // the earlier build is still there
}

TEST_F(KernelBuild, TheUsersTreeIsNeverWrittenTo) {
  put(source() / "stale.o", "built in the tree by the user");
  const auto before = tree_size(source());
  ASSERT_TRUE(build().ok());
  EXPECT_EQ(tree_size(source()), before);
}

TEST_F(KernelBuild, AFailureShowsTheFirstErrorAndKeepsTheLog) {
  put(source() / "bad.c", "int bad(void) { return missing; }\n");
  const auto built = build();
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().kind, ErrorKind::kernel_fault);
  EXPECT_EQ(built.error().where, "bad.c:1:24");
  EXPECT_THAT(built.error().what, HasSubstr("'missing' undeclared"));
  const auto log = built.error().hint.substr(built.error().hint.find('/'));
  EXPECT_THAT(read_file(log).value(), HasSubstr("bad.c"));
  put(source() / "bad.c", "int bad(void) { return 0; }\n");
  EXPECT_TRUE(build().ok());
}

TEST_F(KernelBuild, CtrlCStopsTheCompilersAndTheNextBuildGoesOn) {
  put(source() / "slow", "");
  progress.on_step = [&] { cancel.cancel(); };
  const auto start = std::chrono::steady_clock::now();
  const auto built = build();
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().kind, ErrorKind::interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  fs::remove(source() / "slow");
  progress.on_step = nullptr;
  CancelToken fresh;
  BuildEnv again = env();
  again.cancel = &fresh;
  EXPECT_TRUE(build_kernel(kernel, subject, again).ok());
}

TEST_F(KernelBuild, ADamagedArtifactIsMadeAgain) {
  const auto first = build().value();
  put(first.image, "cut");
  const auto second = build().value();
  EXPECT_FALSE(second.from_cache);
  EXPECT_GT(fs::file_size(second.image), 3U);
}

TEST_F(KernelBuild, TheSameInputElsewhereIsTheSameImage) {
  const auto first = build().value();
  BuildEnv elsewhere = env();
  elsewhere.cache = root() / "another-cache";
  const auto second = build_kernel(kernel, subject, elsewhere);
  ASSERT_TRUE(second.ok()) << second.error().describe();
  EXPECT_EQ(first.key, second->key);
  EXPECT_EQ(sha256_file(first.image).value(), sha256_file(second->image).value());
}

TEST_F(KernelBuild, AFolderThatMakeCannotTakeIsSaidSo) {
  BuildEnv spaced = env();
  spaced.cache = root() / "another cache";
  const auto built = build_kernel(kernel, subject, spaced);
  ASSERT_FALSE(built.ok());
  EXPECT_EQ(built.error().kind, ErrorKind::config);
  EXPECT_THAT(built.error().what, HasSubstr("blank"));
}

TEST_F(KernelBuild, TwoAtOnceBuildOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> fresh = 0;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      NoProgress quiet;
      const BuildEnv own{.cache = root() / "cache", .progress = &quiet, .jobs = 1, .ccache = false};
      const auto built = build_kernel(kernel, subject, own);
      ASSERT_TRUE(built.ok()) << built.error().describe();
      if (!built->from_cache) ++fresh;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(fresh, 1);
}

TEST_F(KernelBuild, PatchesAreAppliedToThePrivateCopy) {
  const fs::path patch = kernel.folder / "one.patch";
  put(patch, "--- a/good.c\n+++ b/good.c\n@@ -1 +1 @@\n-int good(void) { return 1; }\n+int good(void) { return 9; }\n");
  const auto plain = build().value();
  kernel.patches = {patch};
  const auto patched = build();
  ASSERT_TRUE(patched.ok()) << patched.error().describe();
  EXPECT_NE(plain.key, patched->key);
  EXPECT_THAT(read_file(patched->source_tree / "good.c").value(), HasSubstr("return 9"));
  EXPECT_THAT(read_file(source() / "good.c").value(), HasSubstr("return 1"));
  put(source() / "other.c", "int other(void) { return 5; }\n");  // again on a tree that is already patched
  EXPECT_TRUE(build().ok());
  put(source() / "good.c", "something else\n");
  const auto refused = build();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_THAT(refused.error().what, HasSubstr("one.patch"));
}

TEST_F(KernelBuild, AGitRefIsBuiltBesideTheUsersTree) {
  const auto git = [&](std::vector<std::string> words) {
    words.insert(words.begin(),
                 {"git", "-C", source().string(), "-c", "user.name=t", "-c", "user.email=t@example.org"});
    const auto run = run_checked({.argv = std::move(words)});
    ASSERT_TRUE(run.ok()) << run.error().describe();
  };
  git({"init", "--quiet"});
  git({"add", "."});
  git({"commit", "--quiet", "-m", "one"});
  git({"tag", "one"});
  put(source() / "good.c", "int good(void) { return 2; }\n");
  subject.ref = "one";
  const auto built = build();
  ASSERT_TRUE(built.ok()) << built.error().describe();
  EXPECT_THAT(read_file(built->source_tree / "good.c").value(), HasSubstr("return 1"));
  EXPECT_THAT(read_file(source() / "good.c").value(), HasSubstr("return 2"));
  EXPECT_FALSE(fs::exists(source() / ".git/worktrees"));
  subject.ref = "nowhere";
  EXPECT_EQ(build().error().kind, ErrorKind::config);
}

TEST_F(KernelBuild, APlainMakefileIsBuiltBelowItsObjectsFolder) {
  put(source() / "Makefile",
      "kernel.bin: $(O)/good.o\n\tcat $< >$(O)/$@\n$(O)/%.o: %.c\n\t@echo '  CC      $*.o'; $(CC) -c -o $@ $<\n");
  kernel.make = MakeRecipe{"kernel.bin", {}};
  kernel.linux_kernel = false;
  const auto first = build();
  ASSERT_TRUE(first.ok()) << first.error().describe();
  EXPECT_FALSE(first->from_cache);
  EXPECT_FALSE(first->linux_kernel);
  EXPECT_GT(fs::file_size(first->image), 100U);
  EXPECT_THAT(read_file(first->system_map).value(), HasSubstr("T good"));
  EXPECT_FALSE(fs::exists(source() / "kernel.bin"));
  EXPECT_TRUE(build()->from_cache);
  put(source() / "good.c", "int good(void) { return 77; }\n");
  const auto second = build();
  ASSERT_TRUE(second.ok());
  EXPECT_NE(second->key, first->key);
  EXPECT_NE(sha256_file(second->image).value(), sha256_file(first->image).value());
  put(source() / "good.c", "int good(void) { return missing; }\n");
  const auto broken = build();
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(broken.error().kind, ErrorKind::kernel_fault);
  kernel.make->image = "other.bin";
  put(source() / "good.c", "int good(void) { return 77; }\n");
  EXPECT_THAT(build().error().what, HasSubstr("left no other.bin"));
  subject.variant = "gpu";
  EXPECT_EQ(build().error().kind, ErrorKind::config);
}

TEST_F(KernelBuild, AFragmentOfTheCommandLineIsAnotherConfiguration) {
  const auto plain = build().value();
  put(root() / "more.config", "");
  subject.configs = {root() / "more.config"};
  EXPECT_EQ(build().value().key, plain.key);  // it asks for nothing
  EXPECT_EQ(subject.text(), "fake+more.config");
  subject.configs = {root() / "nowhere.config"};
  EXPECT_FALSE(build().ok());
}

TEST_F(KernelBuild, ACommitThatChangesNothingOfKconfigKeepsTheConfiguration) {
  const auto commit = [&](const char* file, const char* text) {
    put(source() / file, text);
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"init", "--quiet"}, {"add", "."}, {"commit", "--quiet", "-m", "one more"}}) {
      std::vector<std::string> argv{"git", "-C", source().string(), "-c", "user.name=t", "-c", "user.email=t@e.org"};
      argv.insert(argv.end(), words.begin(), words.end());
      ASSERT_TRUE(run_checked({.argv = std::move(argv)}).ok());
    }
  };
  subject.ref = "HEAD";
  const auto configured = [&] {
    progress.phases.clear();
    EXPECT_TRUE(build().ok());
    return std::count_if(progress.phases.begin(), progress.phases.end(),
                         [](const std::string& phase) { return phase.starts_with("configuring"); }) > 0;
  };
  commit("Kconfig", "config A\n");
  EXPECT_TRUE(configured());
  commit("good.c", "int good(void) { return 5; }\n");
  EXPECT_FALSE(configured());
  EXPECT_TRUE(fs::exists(build()->audit));
  commit("Kconfig", "config B\n");
  EXPECT_TRUE(configured());
  commit("good.c", "int good(void) { return 6; }\n");
  kernel.base_config = "alldefconfig";  // asked for something else
  EXPECT_TRUE(configured());
}

TEST_F(KernelBuild, ATarballIsUnpackedOnce) {
  const fs::path tarball = root() / "fake.tar.gz";
  ASSERT_TRUE(run_checked({.argv = {"tar", "-C", root().string(), "-czf", tarball.string(), "source"}}).ok());
  kernel.source = {SourceKind::tarball, tarball.string(), {}};
  ASSERT_TRUE(build().ok());
  EXPECT_THAT(progress.phases, ::testing::Contains("unpacking fake.tar.gz"));
  put(tarball, "this is no tarball");
  EXPECT_EQ(build().error().kind, ErrorKind::config);
}

TEST_F(KernelBuild, WhatDoesNotExistIsAConfigError) {
  kernel.source.location = (root() / "nowhere").string();
  EXPECT_EQ(build().error().kind, ErrorKind::config);
  kernel.source.location = source().string();
  subject.with_modules = {"nothing"};
  EXPECT_EQ(build().error().kind, ErrorKind::config);
  subject.with_modules.clear();
  subject.variant = "gpu";
  EXPECT_THAT(build().error().what, HasSubstr("no variant 'gpu'"));
}

TEST_F(KernelBuild, ImagesAreTakenAsTheyAre) {
  Subject box;
  box.image = root() / "thing.img";
  EXPECT_EQ(image_as_is(box, {}, env()).error().kind, ErrorKind::config);
  put(box.image, "");
  EXPECT_THAT(image_as_is(box, {}, env()).error().what, HasSubstr("empty"));
  put(box.image, "an image");
  const auto built = image_as_is(box, {"hello"}, env()).value();
  EXPECT_EQ(built.key, sha256("an image").substr(0, 32));
  EXPECT_FALSE(built.linux_kernel);
  EXPECT_EQ(built.markers, std::vector<std::string>{"hello"});
}

}  // namespace
}  // namespace aios
