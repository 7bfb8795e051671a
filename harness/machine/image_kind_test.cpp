// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/image_kind.h"

#include <gmock/gmock.h>

#include <fstream>

#include "harness/support/files.h"

namespace aios {
namespace {

void put(std::string& bytes, std::size_t at, std::uint64_t value, int width) {
  if (bytes.size() < at + static_cast<std::size_t>(width)) bytes.resize(at + static_cast<std::size_t>(width));
  for (int i = 0; i < width; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
}

// An ELF with one loaded segment, whole unless cut, with headers of the test's choice behind it.
std::string elf(int bits, std::uint64_t machine = 3, std::uint64_t file_size = 64) {
  std::string e(
      "\x7f"
      "ELF");
  e.resize(512);
  const bool wide = bits == 64;
  e[4] = wide ? 2 : 1;
  put(e, 18, machine, 2);
  put(e, wide ? 32 : 28, 64, wide ? 8 : 4);
  put(e, wide ? 54 : 42, wide ? 56 : 32, 2);
  put(e, wide ? 56 : 44, 1, 2);
  put(e, 64, 1, 4);
  if (wide) {
    put(e, 64 + 8, 256, 8), put(e, 64 + 16, 0xffffffff80100000, 8), put(e, 64 + 24, 0x100000, 8);
    put(e, 64 + 32, file_size, 8), put(e, 64 + 40, 0x2000, 8);
  } else {
    put(e, 64 + 4, 256, 4), put(e, 64 + 8, 0x100000, 4), put(e, 64 + 12, 0x100000, 4);
    put(e, 64 + 16, file_size, 4), put(e, 64 + 20, 0x2000, 4);
  }
  return e;
}

std::string with_pvh(std::string e) {
  const bool wide = e[4] == 2;
  const std::size_t second = 64 + (wide ? 56 : 32);
  put(e, wide ? 56 : 44, 2, 2);
  put(e, second, 4, 4);
  put(e, second + (wide ? 8 : 4), 320, wide ? 8 : 4);
  put(e, second + (wide ? 32 : 16), 20, wide ? 8 : 4);
  put(e, 320, 4, 4), put(e, 324, 4, 4), put(e, 328, 18, 4);
  e.replace(332, 4, std::string("Xen\0", 4));
  return e;
}

std::string with_multiboot(std::string e, std::uint32_t magic, bool good = true) {
  put(e, 400, magic, 4);
  if (magic == 0x1badb002) {
    put(e, 404, 3, 4), put(e, 408, good ? 0 - (magic + 3) : 1, 4);
  } else {
    put(e, 404, 0, 4), put(e, 408, 16, 4), put(e, 412, 0 - (magic + 16), 4);
  }
  return e;
}

std::string flat_multiboot(std::size_t size) {
  std::string m(size, '\0');
  put(m, 0, 0x1badb002, 4), put(m, 4, 0x10000, 4), put(m, 8, 0 - (0x1badb002 + 0x10000), 4);
  put(m, 12, 0x100000, 4), put(m, 16, 0x100000, 4);
  return m;
}

std::string boot_sector(std::size_t size) {
  std::string s(size, '\0');
  put(s, 510, 0xaa55, 2);
  return s;
}

std::string bz_image(std::size_t size) {
  std::string b = boot_sector(size);
  b[0x1f1] = 3;
  put(b, 0x1f4, (65536 - 4 * 512) / 16, 4);
  b.replace(0x202, 4, "HdrS");
  return b;
}

std::string iso(std::uint32_t blocks, std::size_t size) {
  std::string i(size, '\0');
  i.replace(0x8001, 5, "CD001");
  put(i, 0x8050, blocks, 4);
  return i;
}

std::string rom(std::size_t size) {
  std::string r(size, '\xff');
  r[size - 16] = '\xea';
  return r;
}

// As U-Boot's ROM for a PC has it: a flat kernel's header inside a flash image.
std::string rom_with_a_header(std::size_t size) { return flat_multiboot(size).replace(size - 16, 1, "\xea"); }

std::string efi() {
  std::string e(4096, '\0');
  e.replace(0, 2, "MZ");
  put(e, 0x3c, 0x80, 4);
  e.replace(0x80, 4, std::string("PE\0\0", 4));
  put(e, 0x80 + 24 + 68, 10, 2);
  return e;
}

class Images : public ::testing::Test {
 protected:
  Result<ImageInfo> inspect(const std::string& bytes) {
    std::ofstream(path(), std::ios::binary) << bytes;
    return inspect_image(path());
  }
  std::filesystem::path path() const { return scratch_.path() / "an.image"; }
  ScratchFolder scratch_ = ScratchFolder::create().value();
};

TEST_F(Images, AreKnownByTheirContent) {
  const std::pair<std::string, ImageKind> cases[] = {
      {with_pvh(elf(64, 62)), ImageKind::elf_pvh},
      {with_pvh(elf(32)), ImageKind::elf_pvh},
      {with_multiboot(elf(32), 0x1badb002), ImageKind::multiboot1},
      {with_multiboot(with_pvh(elf(32)), 0x1badb002), ImageKind::multiboot1},
      {with_multiboot(elf(32), 0x1badb002, false), ImageKind::elf_plain},
      {with_multiboot(elf(64, 62), 0x1badb002), ImageKind::multiboot1_64},
      {with_multiboot(elf(64, 62), 0xe85250d6), ImageKind::multiboot2},
      {elf(64, 62), ImageKind::elf_plain},
      {flat_multiboot(1024), ImageKind::multiboot1},
      {rom_with_a_header(65536), ImageKind::firmware},
      {bz_image(65536), ImageKind::bz_image},
      {boot_sector(1 << 20), ImageKind::disk},
      {boot_sector(1'474'560), ImageKind::floppy},
      {boot_sector(512), ImageKind::floppy},
      {iso(100, 100 * 2048), ImageKind::iso9660},
      {rom(65536), ImageKind::firmware},
      {efi(), ImageKind::efi},
  };
  for (const auto& [bytes, kind] : cases) {
    const auto info = inspect(bytes);
    ASSERT_TRUE(info.ok()) << to_string(kind) << info.error().describe();
    EXPECT_EQ(to_string(info->kind), to_string(kind));
    EXPECT_EQ(info->size, bytes.size());
  }
}

TEST_F(Images, TruncatedOnesSaySo) {
  for (const auto& bytes : {std::string(), bz_image(65536).substr(0, 30000), elf(32, 3, 100'000),
                            elf(64, 62).substr(0, 100), iso(4000, 100 * 2048), elf(32, 183)}) {
    const auto info = inspect(bytes);
    ASSERT_FALSE(info.ok()) << bytes.size();
    EXPECT_EQ(info.error().kind, ErrorKind::config);
    EXPECT_FALSE(info.error().hint.empty());
    EXPECT_EQ(info.error().where, path().string());
  }
}

TEST_F(Images, WhatIsNoImageListsWhatWouldBe) {
  const auto info = inspect(std::string(5000, 'x'));
  ASSERT_FALSE(info.ok());
  EXPECT_THAT(info.error().hint, ::testing::HasSubstr("Multiboot"));
}

TEST_F(Images, WhatIsPackedIsToBeUnpacked) {
  const auto info = inspect(std::string("\x1f\x8b\x08", 3) + std::string(1000, 'x'));
  ASSERT_FALSE(info.ok());
  EXPECT_THAT(info.error().hint, ::testing::HasSubstr("gunzip"));
}

TEST_F(Images, WhatCannotBeOpenedIsAConfigError) {
  for (const auto& bad : {scratch_.path() / "none", scratch_.path(), std::filesystem::path("/dev/zero")}) {
    const auto info = inspect_image(bad);
    ASSERT_FALSE(info.ok()) << bad;
    EXPECT_EQ(info.error().kind, ErrorKind::config);
  }
}

// Headers are hostile: every single-byte change of a good image must be survived.
TEST_F(Images, SurviveEveryFlippedByte) {
  for (const auto& good : {with_pvh(elf(64, 62)), with_pvh(elf(32))}) {
    for (std::size_t at = 0; at < 400; ++at) {
      std::string bad = good;
      bad[at] = static_cast<char>(~bad[at]);
      (void)inspect(bad).ok();
    }
  }
}

TEST_F(Images, TellWhereTheirCodeLies) {
  ASSERT_TRUE(inspect(elf(64, 62)).ok());
  const auto ranges = image_ranges(path());
  EXPECT_TRUE(inside_image(0x100010, ranges));
  EXPECT_TRUE(inside_image(0xffffffff80101fff, ranges));
  EXPECT_FALSE(inside_image(0x102000, ranges));
  EXPECT_TRUE(image_ranges(scratch_.path() / "none").empty());
}

TEST_F(Images, AreLoadedAsWhatTheyAre) {
  BootSpec spec;
  ASSERT_TRUE(load_as({.kind = ImageKind::efi}, "a", spec).ok());
  EXPECT_EQ(spec.firmware, Firmware::ovmf);
  ASSERT_TRUE(load_as({.kind = ImageKind::floppy}, "a", spec).ok());
  EXPECT_EQ(spec.loader, Loader::floppy);
  const auto refused = load_as({.kind = ImageKind::multiboot2, .description = "Multiboot 2 kernel"}, "a", spec);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().hint, ::testing::HasSubstr("GRUB"));
}

}  // namespace
}  // namespace aios
