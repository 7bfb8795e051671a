// SPDX-License-Identifier: Apache-2.0
#include "harness/build/build_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

BuildLog read(std::initializer_list<const char*> lines) {
  BuildLog log("/src/linux");
  for (const char* line : lines) log.line(line);
  return log;
}

TEST(BuildLog, CountsStepsAndNamesTargets) {
  BuildLog log("/src/linux");
  EXPECT_EQ(log.line("  CC [M]  fs/fuse/dev.o").value_or(""), "[M]  fs/fuse/dev.o");
  EXPECT_EQ(log.line("  LD      vmlinux").value_or(""), "vmlinux");
  EXPECT_FALSE(log.line("make[1]: Entering directory").has_value());
  EXPECT_EQ(log.steps(), 2U);
}

TEST(BuildLog, TheFirstErrorIsShownNotTheLastLine) {
  const BuildLog log = read(
      {"  CC      fs/a.o", "/src/linux/fs/a.c: In function 'f':", "/src/linux/fs/a.c:12:3: warning: hm",
       "/src/linux/fs/a.c:13:9: error: 'x' undeclared", "/src/linux/fs/b.c:1:1: error: later",
       "make[3]: *** [scripts/Makefile.build:229: fs/a.o] Error 1", "make: *** [Makefile:224: __sub-make] Error 2"});
  ASSERT_TRUE(log.failure().has_value());
  EXPECT_EQ(log.failure()->where, "fs/a.c:13:9");
  EXPECT_EQ(log.failure()->message, "error: 'x' undeclared");
  const Error error = build_error(log, "aios", "/log");
  EXPECT_EQ(error.kind, ErrorKind::kernel_fault);
  EXPECT_THAT(error.hint, ::testing::HasSubstr("/log"));
}

TEST(BuildLog, LinkerAndMakeErrorsAreFoundToo) {
  EXPECT_EQ(read({"ld: fs/a.o: in function `f':", "a.c:(.text+0x5): undefined reference to `g'"}).failure()->message,
            "a.c:(.text+0x5): undefined reference to `g'");
  EXPECT_EQ(read({"ERROR: modpost: \"g\" [a.ko] undefined!", "make[2]: *** [x] Error 1"}).failure()->message,
            "ERROR: modpost: \"g\" [a.ko] undefined!");
  EXPECT_EQ(read({"make[2]: *** [Makefile:3: out] Error 1"}).failure()->message, "[Makefile:3: out] Error 1");
  EXPECT_EQ(read({"fs/Kconfig:7: syntax error"}).failure()->where, "fs/Kconfig:7");
}

TEST(BuildLog, AFullDiskIsTheMachinesFault) {
  const BuildLog log = read({"/src/linux/a.c:1:1: fatal error: error writing to /tmp/x.s: No space left on device"});
  EXPECT_EQ(build_error(log, "aios", "/log").kind, ErrorKind::infra_fault);
  const BuildLog killed = read({"gcc: fatal error: Killed signal terminated program cc1", "x.c:1:1: error: y"});
  EXPECT_EQ(build_error(killed, "aios", "/log").kind, ErrorKind::infra_fault);
}

TEST(BuildLog, SilenceIsSaidToBeSilence) {
  EXPECT_THAT(build_error(read({}), "aios", "/log").what, ::testing::HasSubstr("does not say why"));
}

}  // namespace
}  // namespace aios
