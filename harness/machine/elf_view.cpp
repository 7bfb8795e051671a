// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/elf_view.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>

namespace aios {
namespace {

constexpr std::uint32_t kPvhEntry = 18;  // XEN_ELFNOTE_PHYS32_ENTRY
constexpr std::uint64_t kNoteLimit = 64U << 10;
constexpr unsigned kSegmentLimit = 256;

struct Segment {
  std::uint32_t type;
  std::uint64_t offset, virtual_address, physical_address, file_size, memory_size;
};

Segment segment_at(const ImageBytes& b, std::uint64_t at, bool is_64) {
  if (is_64) {
    return {b.u32(at), b.u64(at + 8), b.u64(at + 16), b.u64(at + 24), b.u64(at + 32), b.u64(at + 40)};
  }
  return {b.u32(at), b.u32(at + 4), b.u32(at + 8), b.u32(at + 12), b.u32(at + 16), b.u32(at + 20)};
}

constexpr std::uint64_t aligned(std::uint64_t size) { return (size + 3) & ~std::uint64_t{3}; }

bool has_pvh_note(const ImageBytes& bytes, const Segment& segment) {
  const std::uint64_t end = segment.offset + std::min(segment.file_size, kNoteLimit);
  for (std::uint64_t at = segment.offset; at + 12 <= end;) {
    const std::uint64_t name_size = bytes.u32(at), value_size = bytes.u32(at + 4);
    if (bytes.u32(at + 8) == kPvhEntry && bytes.text(at + 12, 3) == "Xen") return true;
    at += 12 + aligned(name_size) + aligned(value_size);
  }
  return false;
}

}  // namespace

Result<ElfView> parse_elf(const ImageBytes& bytes) {
  ElfView view{.is_64 = bytes.u8(4) == ELFCLASS64};
  const std::uint16_t machine = bytes.u16(18);
  if (machine != EM_386 && machine != EM_X86_64) {
    return config_error(fmt::format("this is an ELF for another processor (e_machine {})", machine), bytes.name(),
                        "the machines here are x86 only");
  }
  const std::uint64_t table = view.is_64 ? bytes.u64(32) : bytes.u32(28);
  const unsigned entry_size = bytes.u16(view.is_64 ? 54 : 42), count = bytes.u16(view.is_64 ? 56 : 44);
  if (count == 0 || count > kSegmentLimit || entry_size < (view.is_64 ? 56U : 32U) || table >= bytes.size() ||
      bytes.size() - table < std::uint64_t{count} * entry_size) {
    return config_error("an ELF without a whole program header table");
  }
  for (unsigned i = 0; i < count; ++i) {
    const auto segment = segment_at(bytes, table + std::uint64_t{i} * entry_size, view.is_64);
    if (segment.file_size > 0 && (segment.offset > bytes.size() || segment.file_size > bytes.size() - segment.offset)) {
      return config_error(fmt::format("segment {} of the ELF reaches beyond the end of the file", i));
    }
    if (segment.type == PT_NOTE && has_pvh_note(bytes, segment)) view.pvh = true;
    if (segment.type != PT_LOAD || segment.memory_size == 0) continue;
    view.ranges.push_back({segment.physical_address, segment.physical_address + segment.memory_size});
    if (segment.virtual_address != segment.physical_address) {
      view.ranges.push_back({segment.virtual_address, segment.virtual_address + segment.memory_size});
    }
  }
  return view;
}

}  // namespace aios
