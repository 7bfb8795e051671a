// SPDX-License-Identifier: Apache-2.0
// Boot media for machines that start through firmware: a GRUB ISO that boots one kernel at once, without a menu.
#pragma once

#include <string>

#include "harness/image/initramfs.h"
#include "harness/support/cancel.h"

namespace aios {

struct GrubIso {
  enum class Protocol { linux_image, multiboot, multiboot2 };
  Protocol protocol = Protocol::linux_image;
  fs::path kernel;
  fs::path initrd;  // may be empty
  std::string command_line;
  std::string serial_terminal = "";  // not empty: GRUB's own words go to this serial unit too ("0")
};

// With grub-mkrescue, for SeaBIOS and (where grub-efi is installed) UEFI. Dates inside are fixed: the same input gives
// the same bytes with the same GRUB.
Result<ImageFile> make_grub_iso(const GrubIso& iso, const fs::path& out, const CancelToken* cancel = nullptr);

}  // namespace aios
