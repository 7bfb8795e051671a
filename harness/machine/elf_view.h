// SPDX-License-Identifier: Apache-2.0
// The little of an x86 ELF that booting it needs: its width, its PVH note and where its segments will lie.
#pragma once

#include <vector>

#include "harness/machine/image_bytes.h"
#include "harness/machine/registers.h"

namespace aios {

struct ElfView {
  bool is_64 = false;
  bool pvh = false;
  std::vector<AddressRange> ranges;  // of loaded segments, physical and virtual
};

// The error's text says what is wrong; the caller knows the file.
Result<ElfView> parse_elf(const ImageBytes& bytes);

}  // namespace aios
