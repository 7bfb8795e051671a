// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/image_kind.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "harness/machine/elf_view.h"
#include "harness/machine/image_bytes.h"
#include "harness/support/files.h"

namespace aios {
namespace {

constexpr std::uint64_t kSector = 512;
constexpr std::uint32_t kMultiboot1 = 0x1badb002, kMultiboot2 = 0xe85250d6;
// The specifications: the header lies within the first 8 KiB (1) or 32 KiB (2), on a boundary of 4 or 8.
constexpr std::uint64_t kMultiboot1Window = 8192, kMultiboot2Window = 32768;
constexpr std::array<std::uint64_t, 6> kFloppySizes{368'640, 737'280, 1'228'800, 1'474'560, 1'720'320, 2'949'120};

// Where the header begins whose words sum to zero, if there is one.
std::optional<std::uint64_t> find_header(const ImageBytes& bytes, std::uint32_t magic, std::uint64_t window,
                                         std::uint64_t step, std::uint64_t words) {
  for (std::uint64_t at = 0; at + 4 * words <= std::min(window, bytes.head_size()); at += step) {
    if (bytes.u32(at) != magic) continue;
    std::uint32_t sum = 0;
    for (std::uint64_t i = 0; i < words; ++i) sum += bytes.u32(at + 4 * i);
    if (sum == 0) return at;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> multiboot1_header(const ImageBytes& bytes) {
  return find_header(bytes, kMultiboot1, kMultiboot1Window, 4, 3);
}

bool is_multiboot1(const ImageBytes& bytes) { return multiboot1_header(bytes).has_value(); }
bool is_multiboot2(const ImageBytes& bytes) {
  return find_header(bytes, kMultiboot2, kMultiboot2Window, 8, 4).has_value();
}

// What is no ELF has to say in its header where it is loaded (flag 16), and mean this file by it.
bool is_flat_multiboot1(const ImageBytes& bytes) {
  const auto at = multiboot1_header(bytes);
  return at && (bytes.u32(*at + 4) & 0x10000) != 0 && bytes.u32(*at + 12) >= bytes.u32(*at + 16);
}

Error broken(const std::filesystem::path& path, std::string_view why) {
  return config_error(fmt::format("the image is truncated or damaged: {}", why), path.string(),
                      "fetch or build it again; `ls -l` shows whether its size is what it should be");
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPacked{
    {{"\x1f\x8b", "gunzip"},
     {"\xfd"
      "7zXZ",
      "unxz"},
     {"\x28\xb5\x2f\xfd", "unzstd"},
     {"QFI\xfb", "qemu-img convert -O raw"}}};

Result<ImageInfo> inspect_elf(const ImageBytes& bytes, const std::filesystem::path& path) {
  auto elf = parse_elf(bytes);
  if (!elf) return elf.error().hint.empty() ? broken(path, elf.error().what) : std::move(elf).error();
  ImageInfo info{.size = bytes.size(), .ranges = elf->ranges};
  const char* bits = elf->is_64 ? "64-bit ELF" : "32-bit ELF";
  const bool one = is_multiboot1(bytes), two = is_multiboot2(bytes);
  // In the order in which QEMU's loader asks: a Multiboot 1 header wins over a PVH note.
  if (one && !elf->is_64) {
    info.kind = ImageKind::multiboot1;
    info.description = fmt::format("Multiboot 1 kernel, {}", bits);
  } else if (elf->pvh && !one) {
    info.kind = ImageKind::elf_pvh;
    info.description = fmt::format("PVH kernel, {}", bits);
  } else if (one) {
    info.kind = ImageKind::multiboot1_64;
    info.description = fmt::format("Multiboot 1 kernel, {}", bits);
    info.needs_grub = true;
  } else if (two) {
    info.kind = ImageKind::multiboot2;
    info.description = fmt::format("Multiboot 2 kernel, {}", bits);
    info.needs_grub = true;
  } else {
    info.kind = ImageKind::elf_plain;
    info.description = fmt::format("{} without PVH note or Multiboot header", bits);
  }
  return info;
}

// The protocol's own sizes: setup sectors and the size of the protected-mode part in 16-byte paragraphs.
Result<ImageInfo> inspect_bz_image(const ImageBytes& bytes, const std::filesystem::path& path) {
  const std::uint64_t setup = bytes.u8(0x1f1) == 0 ? 4 : bytes.u8(0x1f1);
  const std::uint64_t whole = (setup + 1) * kSector + std::uint64_t{bytes.u32(0x1f4)} * 16;
  if (whole > bytes.size() + 16) {
    return broken(path, fmt::format("a bzImage of {} bytes by its own header, {} are there", whole, bytes.size()));
  }
  return ImageInfo{.kind = ImageKind::bz_image,
                   .description = "Linux bzImage",
                   .size = bytes.size(),
                   .efi_stub = bytes.text(0, 2) == "MZ"};
}

bool is_efi(const ImageBytes& bytes) {
  if (bytes.text(0, 2) != "MZ") return false;
  const std::uint64_t pe = bytes.u32(0x3c);
  return pe + 96 < bytes.head_size() && bytes.text(pe, 4) == std::string_view("PE\0\0", 4) &&
         bytes.u16(pe + 24 + 68) >= 10 && bytes.u16(pe + 24 + 68) <= 13;
}

// A flash image has whole pages, 64 KiB to 16 MiB, and ends in the sixteen bytes where the processor starts: a jump, or
// one of the few instructions that are seen before it (SeaBIOS ljmp, qboot jmp, U-Boot cli and cld, OVMF mov from cr0).
bool is_firmware(const ImageBytes& bytes) {
  constexpr std::string_view kFirst = "\xea\xe9\xeb\xfa\xfc\x90\x0f\x66\x2e";
  if (bytes.size() < 65536 || bytes.size() > (16U << 20) || bytes.size() % 4096 != 0) return false;
  return kFirst.find(bytes.tail(16)[0]) != std::string_view::npos;
}

}  // namespace

std::string_view to_string(ImageKind kind) {
  switch (kind) {
    case ImageKind::bz_image:
      return "bzimage";
    case ImageKind::elf_pvh:
      return "elf-pvh";
    case ImageKind::multiboot1:
      return "multiboot1";
    case ImageKind::multiboot1_64:
      return "multiboot1-64bit";
    case ImageKind::multiboot2:
      return "multiboot2";
    case ImageKind::elf_plain:
      return "elf";
    case ImageKind::disk:
      return "disk";
    case ImageKind::floppy:
      return "floppy";
    case ImageKind::iso9660:
      return "iso9660";
    case ImageKind::firmware:
      return "firmware";
    case ImageKind::efi:
      return "efi";
  }
  return "?";
}

Result<ImageInfo> inspect_image(const std::filesystem::path& path) {
  const auto bytes = TRY(ImageBytes::open(path));
  if (bytes.size() == 0) return broken(path, "it is empty");
  if (bytes.text(0, 4) ==
      "\x7f"
      "ELF")
    return inspect_elf(bytes, path);
  if (bytes.text(0x202, 4) == "HdrS" && bytes.u16(0x1fe) == 0xaa55) return inspect_bz_image(bytes, path);
  if (is_efi(bytes)) return ImageInfo{.kind = ImageKind::efi, .description = "EFI application", .size = bytes.size()};
  if (bytes.text(0x8001, 5) == "CD001") {
    const std::uint64_t volume = std::uint64_t{bytes.u32(0x8050)} * 2048;
    // Some writers count padding that they then leave out.
    if (volume > bytes.size() + (300U << 10)) {
      return broken(path,
                    fmt::format("an ISO of {} bytes by its own volume descriptor, {} are there", volume, bytes.size()));
    }
    return ImageInfo{.kind = ImageKind::iso9660, .description = "ISO 9660 image", .size = bytes.size()};
  }
  // Before the flat kernels: a ROM may carry such a header somewhere inside.
  if (is_firmware(bytes)) {
    return ImageInfo{.kind = ImageKind::firmware, .description = "firmware image", .size = bytes.size()};
  }
  if (is_flat_multiboot1(bytes)) {
    return ImageInfo{.kind = ImageKind::multiboot1, .description = "Multiboot 1 kernel, flat", .size = bytes.size()};
  }
  if (bytes.size() >= kSector && bytes.u16(0x1fe) == 0xaa55) {
    const bool floppy = std::find(kFloppySizes.begin(), kFloppySizes.end(), bytes.size()) != kFloppySizes.end();
    // A boot sector alone, or with a few more behind it, is what small systems call a floppy too.
    if (floppy || bytes.size() < kFloppySizes.front()) {
      return ImageInfo{.kind = ImageKind::floppy, .description = "floppy image", .size = bytes.size()};
    }
    return ImageInfo{.kind = ImageKind::disk, .description = "raw disk image", .size = bytes.size()};
  }
  if (is_multiboot2(bytes)) {
    return ImageInfo{.kind = ImageKind::multiboot2,
                     .description = "Multiboot 2 kernel, flat",
                     .size = bytes.size(),
                     .needs_grub = true};
  }
  for (const auto& [magic, tool] : kPacked) {
    if (bytes.text(0, magic.size()) != magic) continue;
    return config_error("the image is packed", path.string(), fmt::format("unpack it first: {}", tool));
  }
  return config_error(
      "this is no image that can be booted", path.string(),
      "known are: bzImage, ELF with a PVH note, Multiboot 1 and 2, EFI application, raw disk or floppy with a "
      "boot sector (0x55aa), ISO 9660, firmware (64 KiB to 16 MiB, with a jump at the reset vector)");
}

Status load_as(const ImageInfo& info, const std::filesystem::path& path, BootSpec& spec) {
  spec.image = path;
  spec.screen = spec.machine.board != "microvm";
  switch (info.kind) {
    case ImageKind::bz_image:
      spec.linux_guest = true;
      [[fallthrough]];
    case ImageKind::elf_pvh:
    case ImageKind::multiboot1:
    // Handed over as they are: the loader's own words are the best answer to what it refuses.
    case ImageKind::elf_plain:
      spec.loader = Loader::kernel;
      return {};
    case ImageKind::efi:
      spec.loader = Loader::kernel;
      spec.firmware = Firmware::ovmf;
      return {};
    case ImageKind::disk:
      spec.loader = Loader::disk;
      return {};
    case ImageKind::floppy:
      spec.loader = Loader::floppy;
      return {};
    case ImageKind::iso9660:
      spec.loader = Loader::cdrom;
      return {};
    case ImageKind::firmware:
      spec.loader = Loader::firmware;
      return {};
    case ImageKind::multiboot1_64:
    case ImageKind::multiboot2:
      break;
  }
  return config_error(fmt::format("{}: QEMU's own loader does not start it", info.description), path.string(),
                      "put it on a GRUB ISO and boot that");
}

std::vector<AddressRange> image_ranges(const std::filesystem::path& path) {
  auto bytes = ImageBytes::open(path);
  if (!bytes || bytes->text(0, 4) !=
                    "\x7f"
                    "ELF")
    return {};
  auto elf = parse_elf(*bytes);
  return elf ? std::move(elf->ranges) : std::vector<AddressRange>{};
}

}  // namespace aios
