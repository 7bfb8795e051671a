// SPDX-License-Identifier: Apache-2.0
// The weights that the inference scenario runs: a llama-architecture model of a few layers, seeded random numbers in
// q8_0, as a GGUF file (version 3). Integer arithmetic alone: the same bytes from every compiler and on every host. It
// says nothing sensible; what a token costs hangs on the shapes, not on what the weights mean.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aios::inference {

struct ModelShape {
  std::uint32_t layers = 4;
  std::uint32_t width = 256;
  std::uint32_t feed_forward = 640;
  std::uint32_t heads = 8;
  std::uint32_t vocabulary = 1024;
  std::uint32_t context = 512;
  std::uint64_t seed = 1;
};

// The parts of the format, in the order in which a file has them.
class GgufWriter {
 public:
  static constexpr std::uint32_t kAlignment = 32;

  void text(std::string_view key, std::string_view value);
  void number(std::string_view key, std::uint32_t value);
  void real(std::string_view key, float value);

  // Ones in 32 bits each: what a norm multiplies with.
  void ones(std::string_view name, std::uint32_t count);
  // `rows` rows of `columns` random weights in q8_0 (blocks of 32: a half-precision scale and 32 signed bytes).
  // columns: a multiple of 32. They come out with a variance of about 1 / columns.
  void weights(std::string_view name, std::uint32_t columns, std::uint32_t rows, std::uint64_t seed);

  std::string finish() const;

 private:
  void tensor(std::string_view name, const std::vector<std::uint64_t>& dimensions, std::uint32_t type);

  std::uint64_t keys_ = 0, tensors_ = 0;
  std::string pairs_, infos_, data_;
};

std::string random_model(const ModelShape& shape);

}  // namespace aios::inference
