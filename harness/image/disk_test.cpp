// SPDX-License-Identifier: Apache-2.0
#include "harness/image/disk.h"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>

#include <map>

namespace aios {
namespace {

using ::testing::HasSubstr;

std::map<std::string, std::string> files(const fs::path& iso) {
  std::map<std::string, std::string> files;
  archive* const reader = ::archive_read_new();
  ::archive_read_support_format_iso9660(reader);
  EXPECT_EQ(::archive_read_open_filename(reader, iso.c_str(), 65536), ARCHIVE_OK);
  for (archive_entry* entry = nullptr; ::archive_read_next_header(reader, &entry) == ARCHIVE_OK;) {
    const std::string path = ::archive_entry_pathname(entry);
    if (!path.starts_with("boot/") || ::archive_entry_size(entry) > 4096) continue;
    std::string content(static_cast<std::size_t>(::archive_entry_size(entry)), '\0');
    ::archive_read_data(reader, content.data(), content.size());
    files[path] = content;
  }
  ::archive_read_free(reader);
  return files;
}

TEST(GrubIso, BootsOneKernelAtOnceAndIsTheSameTwice) {
  const auto scratch = ScratchFolder::create();
  ASSERT_TRUE(scratch.ok());
  const fs::path folder = scratch->path();
  ASSERT_TRUE(write_file_atomic(folder / "k", "a kernel").ok());
  ASSERT_TRUE(write_file_atomic(folder / "i", "an initrd").ok());
  const GrubIso spec{.kernel = folder / "k", .initrd = folder / "i", .command_line = "console=ttyS0  a='b $c"};
  const auto one = make_grub_iso(spec, folder / "one.iso");
  ASSERT_TRUE(one.ok()) << one.error().describe();
  const auto two = make_grub_iso(spec, folder / "two.iso");
  ASSERT_TRUE(two.ok());
  EXPECT_EQ(one->sha256, two->sha256);
  auto content = files(one->path);
  EXPECT_EQ(content["boot/kernel"], "a kernel");
  EXPECT_EQ(content["boot/initrd"], "an initrd");
  EXPECT_THAT(content["boot/grub/grub.cfg"], HasSubstr("set timeout=0\n"));
  EXPECT_THAT(content["boot/grub/grub.cfg"],
              HasSubstr("  linux /boot/kernel 'console=ttyS0' 'a='\\''b' '$c'\n  initrd /boot/initrd\n"));
}

TEST(GrubIso, ErrorsAreTold) {
  const auto scratch = ScratchFolder::create();
  EXPECT_FALSE(make_grub_iso({.kernel = "/does/not/exist"}, scratch->path() / "x.iso").ok());
  ASSERT_TRUE(write_file_atomic(scratch->path() / "k", "k").ok());
  EXPECT_FALSE(
      make_grub_iso({.kernel = scratch->path() / "k", .command_line = "a\nb"}, scratch->path() / "x.iso").ok());
}

}  // namespace
}  // namespace aios
