// SPDX-License-Identifier: Apache-2.0
#include "harness/build/running_kernel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/utsname.h>

#include "harness/build/kernel_build.h"
#include "harness/support/progress.h"

namespace aios {
namespace {

using ::testing::HasSubstr;

std::string note(std::uint32_t type, std::string_view name, std::string_view body) {
  const auto word = [](std::uint32_t value) { return std::string(reinterpret_cast<const char*>(&value), 4); };
  std::string out = word(static_cast<std::uint32_t>(name.size())) + word(static_cast<std::uint32_t>(body.size())) +
                    word(type) + std::string(name);
  out.resize((out.size() + 3) & ~std::size_t{3}, '\0');
  out += body;
  out.resize((out.size() + 3) & ~std::size_t{3}, '\0');
  return out;
}

TEST(BuildId, IsFoundAmongOtherNotes) {
  const std::string_view gnu("GNU\0", 4);
  const std::string notes = note(6, std::string_view("Xen\0", 4), "xyz") + note(3, gnu, "\x01\xab\xff");
  EXPECT_EQ(build_id_of(notes), "01abff");
  EXPECT_EQ(build_id_of(note(3, std::string_view("Go\0\0", 4), "abc")), "");
}

TEST(BuildId, WhatIsCutShortOrLiesAboutItsSizeHasNone) {
  const std::string whole = note(3, std::string_view("GNU\0", 4), std::string(20, 'a'));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_EQ(build_id_of(whole.substr(0, size)), "") << size;
  std::string huge = whole;
  huge[4] = huge[5] = huge[6] = huge[7] = '\xff';
  EXPECT_EQ(build_id_of(huge), "");
}

TEST(RunningKernel, IsWhatItSaysAndTheSameEachTime) {
  utsname names{};
  ASSERT_EQ(::uname(&names), 0);
  const BuiltKernel built = running_kernel("host").value();
  EXPECT_EQ(built.version, names.release);
  EXPECT_TRUE(built.image.empty());
  EXPECT_EQ(built.key, running_kernel("host")->key);
}

TEST(RunningKernel, NothingIsLoadedIntoItAndItHasNoRefs) {
  Kernel kernel;
  kernel.name = "host";
  kernel.source.kind = SourceKind::running;
  NoProgress progress;
  CancelToken cancel;
  const BuildEnv env{"/nonexistent", &progress, &cancel, 1};
  Subject subject{.kernel = "host"};
  EXPECT_EQ(build_kernel(kernel, subject, env)->subject, "host");
  subject.with_modules = {"veth"};
  EXPECT_THAT(build_kernel(kernel, subject, env).error().what, HasSubstr("nothing is loaded"));
  subject = Subject{.kernel = "host", .ref = "v6.12"};
  EXPECT_FALSE(build_kernel(kernel, subject, env).ok());
  EXPECT_FALSE(audit_kernel(kernel, Subject{.kernel = "host"}, env).ok());
}

}  // namespace
}  // namespace aios
