// SPDX-License-Identifier: Apache-2.0
#include "harness/build/vmlinux_extract.h"

#include <cstdint>
#include <cstring>

#include "harness/build/tarball.h"

namespace aios {
namespace {

// Documentation/arch/x86/boot.rst
constexpr std::size_t kSetupSectors = 0x1f1;
constexpr std::size_t kMagic = 0x202;
constexpr std::size_t kVersion = 0x206;
constexpr std::size_t kPayloadOffset = 0x248;
constexpr std::size_t kPayloadLength = 0x24c;
constexpr std::size_t kHeaderEnd = 0x260;
constexpr std::uint16_t kVersionWithPayload = 0x0208;
constexpr std::size_t kVmlinuxLimit = 1U << 30;

template <typename T>
T field(std::string_view image, std::size_t offset) {
  T value{};
  std::memcpy(&value, image.data() + offset, sizeof value);
  return value;
}

}  // namespace

bool is_bzimage(std::string_view image) {
  return image.size() > kHeaderEnd && image.substr(kMagic, 4) == "HdrS" &&
         field<std::uint16_t>(image, kVersion) >= kVersionWithPayload;
}

Result<std::string> extract_vmlinux(std::string_view bzimage) {
  if (!is_bzimage(bzimage)) return config_error("this is no bzImage of boot protocol 2.08 or later");
  std::size_t sectors = static_cast<unsigned char>(bzimage[kSetupSectors]);
  if (sectors == 0) sectors = 4;
  const std::uint64_t begin = (sectors + 1) * 512ULL + field<std::uint32_t>(bzimage, kPayloadOffset);
  const std::uint64_t length = field<std::uint32_t>(bzimage, kPayloadLength);
  if (length < 8 || begin > bzimage.size() || length > bzimage.size() - begin) {
    return config_error("the bzImage is truncated: its payload lies outside of the file");
  }
  std::string_view payload = bzimage.substr(begin, length);
  if (payload.starts_with("\x7f"
                          "ELF"))
    return std::string(payload);
  // All but gzip are followed by the unpacked size, four bytes that are not the compressor's.
  if (!payload.starts_with("\x1f\x8b")) payload.remove_suffix(4);
  std::string vmlinux = TRY(decompress(payload, kVmlinuxLimit));
  if (!vmlinux.starts_with("\x7f"
                           "ELF"))
    return config_error("the bzImage's payload is no ELF file");
  return vmlinux;
}

}  // namespace aios
