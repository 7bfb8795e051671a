// SPDX-License-Identifier: Apache-2.0
// Looks into an image file without reading it whole: checked little-endian reads. What lies outside reads as zero.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/support/result.h"
#include "harness/support/unique_fd.h"

namespace aios {

class ImageBytes {
 public:
  static Result<ImageBytes> open(const std::filesystem::path& path);

  const std::string& name() const { return name_; }
  std::uint64_t size() const { return size_; }
  std::uint64_t head_size() const { return head_.size(); }
  std::uint8_t u8(std::uint64_t at) const { return static_cast<std::uint8_t>(number(at, 1)); }
  std::uint16_t u16(std::uint64_t at) const { return static_cast<std::uint16_t>(number(at, 2)); }
  std::uint32_t u32(std::uint64_t at) const { return static_cast<std::uint32_t>(number(at, 4)); }
  std::uint64_t u64(std::uint64_t at) const { return number(at, 8); }
  std::string text(std::uint64_t at, std::size_t length) const;  // shorter at the end of the file
  std::string tail(std::size_t length) const;                    // always `length` long, zeros in front if need be

 private:
  ImageBytes(UniqueFd fd, std::uint64_t size, std::string name)
      : fd_(std::move(fd)), size_(size), name_(std::move(name)) {}
  std::uint64_t number(std::uint64_t at, int bytes) const;
  UniqueFd fd_;
  std::uint64_t size_;
  std::string name_;
  std::string head_;  // the first 64 KiB, where every header lies
};

}  // namespace aios
