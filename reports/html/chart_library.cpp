// SPDX-License-Identifier: Apache-2.0
#include "reports/html/chart_library.h"

#include <zlib.h>

#include <cstddef>

#include "harness/support/base64.h"
#include "harness/support/hash.h"

extern "C" {
extern const char aios_chart_library_begin[];
extern const char aios_chart_library_end[];
}

namespace aios {
namespace {

std::string_view packed() {
  return {aios_chart_library_begin, static_cast<std::size_t>(aios_chart_library_end - aios_chart_library_begin)};
}

// gzip says at its end how long the text was (modulo 2^32).
std::size_t unpacked_size(std::string_view gzip) {
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4 && gzip.size() >= 18; ++i) {
    size |= static_cast<std::size_t>(static_cast<unsigned char>(gzip[gzip.size() - 4 + i])) << (8 * i);
  }
  return size;
}

std::string bytes_of_hex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    out += static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1]));
  }
  return out;
}

}  // namespace

std::string_view chart_library_version() { return AIOS_CHART_LIBRARY_VERSION; }

std::string chart_library_element() {
  return "<script type=\"text/plain\" id=\"chart-library\">" + base64(packed()) + "</script>";
}

std::string chart_library_script() {
  std::string out(unpacked_size(packed()), '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed().data()));
  stream.avail_in = static_cast<uInt>(packed().size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  constexpr int kGzip = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzip) != Z_OK) return {};
  const int ended = inflate(&stream, Z_FINISH);
  inflateEnd(&stream);
  return ended == Z_STREAM_END ? out : std::string();
}

std::string chart_library_source() { return "'sha256-" + base64(bytes_of_hex(AIOS_CHART_LIBRARY_SHA256)) + "'"; }

std::string script_source(std::string_view script) { return "'sha256-" + base64(bytes_of_hex(sha256(script))) + "'"; }

}  // namespace aios
