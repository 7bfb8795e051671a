// SPDX-License-Identifier: Apache-2.0
// Content hashes: SHA-256 (OpenSSL) names artifacts and seals bundles, CRC-32 (zlib) guards single lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "harness/support/files.h"

namespace aios {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  Sha256& update(std::string_view bytes);
  // A field of a composite key: its length goes in too, so that ("ab","c") and ("a","bc") differ.
  Sha256& field(std::string_view bytes);
  std::string hex();  // ends the hash

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256(std::string_view bytes);
Result<std::string> sha256_file(const fs::path& path);
std::uint32_t crc32(std::string_view bytes);

}  // namespace aios
