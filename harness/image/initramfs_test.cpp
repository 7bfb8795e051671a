// SPDX-License-Identifier: Apache-2.0
#include "harness/image/initramfs.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "harness/support/hash.h"

namespace aios {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One line an entry, as an archive reader of somebody else's sees it.
std::vector<std::string> listing(const std::string& bytes) {
  std::vector<std::string> lines;
  archive* const reader = ::archive_read_new();
  ::archive_read_support_filter_all(reader);
  ::archive_read_support_format_cpio(reader);
  EXPECT_EQ(::archive_read_open_memory(reader, bytes.data(), bytes.size()), ARCHIVE_OK);
  for (archive_entry* entry = nullptr; ::archive_read_next_header(reader, &entry) == ARCHIVE_OK;) {
    std::string content;
    if (const char* const target = ::archive_entry_symlink(entry)) {
      content = target;
    } else {
      content.resize(static_cast<std::size_t>(::archive_entry_size(entry)));
      EXPECT_EQ(::archive_read_data(reader, content.data(), content.size()), static_cast<la_ssize_t>(content.size()));
    }
    if (::archive_entry_filetype(entry) == AE_IFCHR) {
      content = fmt::format("{},{}", ::archive_entry_rdevmajor(entry), ::archive_entry_rdevminor(entry));
    }
    EXPECT_EQ(::archive_entry_uid(entry), 0);
    EXPECT_EQ(::archive_entry_mtime(entry), 0);
    lines.push_back(fmt::format("{} {:o} {}", ::archive_entry_pathname(entry), ::archive_entry_mode(entry), content));
  }
  ::archive_read_free(reader);
  return lines;
}

TEST(Initramfs, HoldsWhatWasAsked) {
  const auto scratch = ScratchFolder::create();
  ASSERT_TRUE(scratch.ok());
  ASSERT_TRUE(write_file_atomic(scratch->path() / "program", "binary").ok());
  const auto bytes = pack_initramfs({text_entry("/aios/orders", "run"), file_entry("init", scratch->path() / "program"),
                                     link_entry("/bin/sh", "busybox"), device_entry("/dev/console", 5, 1),
                                     folder_entry("/tmp/", 01777), text_entry("/a.b", ""), folder_entry("/a")});
  ASSERT_TRUE(bytes.ok());
  EXPECT_THAT(listing(*bytes), ElementsAre("a 40755 ", "a.b 100644 ", "aios 40755 ", "aios/orders 100644 run",
                                           "bin 40755 ", "bin/sh 120777 busybox", "dev 40755 ", "dev/console 20600 5,1",
                                           "init 100755 binary", "tmp 41777 "));
  EXPECT_EQ(bytes->size() % 4, 0U);
}

TEST(Initramfs, SameInputSameBytes) {
  const std::vector<ImageEntry> entries = {text_entry("/b/c", "1"), text_entry("/a", "2"), link_entry("/d", "a")};
  for (const auto compression : {Compression::none, Compression::gzip, Compression::zstd}) {
    const auto once = pack_initramfs(entries, compression);
    const auto again = pack_initramfs({entries.rbegin(), entries.rend()}, compression);
    ASSERT_TRUE(once.ok() && again.ok());
    EXPECT_EQ(*once, *again);
    EXPECT_EQ(listing(*once).size(), 4U);
  }
  // Pinned: another figure here means that every stored image's identity has changed.
  EXPECT_EQ(sha256(*pack_initramfs(entries)).substr(0, 16), "95a32d7d224161c7");
}

TEST(Initramfs, RefusesWhatMakesNoSense) {
  EXPECT_THAT(pack_initramfs({text_entry("/a", ""), text_entry("a", "")}).error().what,
              HasSubstr("two entries for /a"));
  EXPECT_FALSE(pack_initramfs({text_entry("/../etc/passwd", "")}).ok());
  EXPECT_FALSE(pack_initramfs({text_entry("/", "")}).ok());
  const auto missing = pack_initramfs({file_entry("/init", "/does/not/exist")});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, ErrorKind::config);
  EXPECT_THAT(missing.error().describe(), HasSubstr("/does/not/exist"));
}

TEST(Initramfs, PartsAreAligned) {
  const auto scratch = ScratchFolder::create();
  ASSERT_TRUE(scratch.ok());
  const auto file = write_image(scratch->path() / "deep/er/image", {"12345", "678"});
  ASSERT_TRUE(file.ok());
  const std::string expected = "12345" + std::string(3, '\0') + "678";
  EXPECT_EQ(*read_file(file->path), expected);
  EXPECT_EQ(file->bytes, expected.size());
  EXPECT_EQ(file->sha256, sha256(expected));
  EXPECT_EQ(std::distance(fs::directory_iterator(file->path.parent_path()), {}), 1);
}

TEST(Initramfs, AFullDiskLeavesNothingBehind) {
  const auto refused = write_image("/dev/full/image", {"x"});
  EXPECT_FALSE(refused.ok());
}

TEST(Initramfs, TenMegabytesTakeFarLessThanASecond) {
  const auto bytes = pack_initramfs({text_entry("/big", std::string(10U << 20, 'x')), text_entry("/small", "y")});
  ASSERT_TRUE(bytes.ok());
  EXPECT_GT(bytes->size(), 10U << 20);
}

}  // namespace
}  // namespace aios
