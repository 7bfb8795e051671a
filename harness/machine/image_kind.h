// SPDX-License-Identifier: Apache-2.0
// What an image file is, by its content and never by its name, and how such a thing is started. Files are hostile:
// every offset is checked, and what is truncated or unreadable gets a config error that says so.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/machine/boot_spec.h"
#include "harness/machine/registers.h"
#include "harness/support/result.h"

namespace aios {

enum class ImageKind {
  bz_image,       // Linux's boot protocol
  elf_pvh,        // ELF with a PVH note: QEMU's -kernel starts it
  multiboot1,     // 32-bit ELF or flat, with a Multiboot 1 header: QEMU's -kernel starts it
  multiboot1_64,  // 64-bit ELF with a Multiboot 1 header: GRUB starts it, QEMU does not
  multiboot2,     // GRUB only
  elf_plain,      // an ELF that no loader here knows how to enter
  disk,           // raw, with a boot sector
  floppy,
  iso9660,
  firmware,  // a flash image that ends in a reset vector
  efi,       // a PE executable for OVMF
};

std::string_view to_string(ImageKind kind);

struct ImageInfo {
  ImageKind kind = ImageKind::disk;
  std::string description;  // "Multiboot 1 kernel, 32-bit ELF"
  std::uint64_t size = 0;
  bool needs_grub = false;           // has to be put on a GRUB ISO to be started
  bool efi_stub = false;             // a bzImage that OVMF can start by itself
  std::vector<AddressRange> ranges;  // where its code will lie; empty: not known
};

Result<ImageInfo> inspect_image(const std::filesystem::path& path);

// How a black box of this kind is booted: loader, firmware and screen of a spec (whose machine is set: half of all
// black boxes speak on no serial line). A config error for what cannot be.
Status load_as(const ImageInfo& info, const std::filesystem::path& path, BootSpec& spec);

// Only the address ranges; empty where the file is not an ELF or cannot be read.
std::vector<AddressRange> image_ranges(const std::filesystem::path& path);

}  // namespace aios
