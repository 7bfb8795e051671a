// SPDX-License-Identifier: Apache-2.0
#include "harness/support/base64.h"

#include <openssl/evp.h>

#include <algorithm>

namespace aios {

std::string base64(std::string_view bytes) {
  // The library counts in int, and ends each piece with a byte of its own; pieces of a multiple of three join unseen.
  constexpr std::size_t kPiece = std::size_t{3} << 20;
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4 + 1);
  for (; !bytes.empty(); bytes.remove_prefix(std::min(kPiece, bytes.size()))) {
    const std::string_view piece = bytes.substr(0, kPiece);
    const std::size_t before = out.size();
    out.resize(before + (piece.size() + 2) / 3 * 4 + 1);
    const int written =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data() + before),
                        reinterpret_cast<const unsigned char*>(piece.data()), static_cast<int>(piece.size()));
    out.resize(before + static_cast<std::size_t>(written));
  }
  return out;
}

}  // namespace aios
