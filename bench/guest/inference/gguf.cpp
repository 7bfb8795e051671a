// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/gguf.h"

#include <bit>

namespace aios::inference {
namespace {

enum ValueType : std::uint32_t { kUint32 = 4, kFloat32 = 6, kString = 8 };
enum TensorType : std::uint32_t { kF32 = 0, kQ8 = 8 };

constexpr std::uint32_t kVersion = 3;
constexpr std::uint32_t kMostlyQ8 = 7;  // general.file_type
constexpr std::uint32_t kBlock = 32;    // weights of one scale

// Little-endian, whatever the host is.
template <typename Number>
void put(std::string& out, Number value) {
  for (std::size_t i = 0; i < sizeof value; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint64_t>(text.size()));
  out += text;
}

std::uint32_t root(std::uint32_t square) {
  std::uint32_t out = 1;
  while ((out + 1) * (out + 1) <= square) ++out;
  return out;
}

// 1 / (73 * divisor) in half precision; 73 is what evenly spread bytes deviate by. Normal for divisors from 2 to 200.
std::uint16_t scale_of(std::uint32_t divisor) {
  const std::uint32_t by = 73 * divisor;
  std::uint32_t exponent = 0;
  while ((1U << exponent) < by) ++exponent;  // 1/by = (2^exponent / by) * 2^-exponent, the bracket from 1 to 2
  const std::uint32_t fraction = ((1U << (exponent + 10)) + by / 2) / by - 1024;
  if (fraction >= 1024) return static_cast<std::uint16_t>((15 - exponent + 1) << 10);
  return static_cast<std::uint16_t>((15 - exponent) << 10 | fraction);
}

// SplitMix64.
std::uint64_t next(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void pad(std::string& out) {
  out.append((GgufWriter::kAlignment - out.size() % GgufWriter::kAlignment) % GgufWriter::kAlignment, '\0');
}

}  // namespace

void GgufWriter::text(std::string_view key, std::string_view value) {
  put_text(pairs_, key);
  put(pairs_, std::uint32_t{kString});
  put_text(pairs_, value);
  ++keys_;
}

void GgufWriter::number(std::string_view key, std::uint32_t value) {
  put_text(pairs_, key);
  put(pairs_, std::uint32_t{kUint32});
  put(pairs_, value);
  ++keys_;
}

void GgufWriter::real(std::string_view key, float value) {
  put_text(pairs_, key);
  put(pairs_, std::uint32_t{kFloat32});
  put(pairs_, std::bit_cast<std::uint32_t>(value));
  ++keys_;
}

void GgufWriter::tensor(std::string_view name, const std::vector<std::uint64_t>& dimensions, std::uint32_t type) {
  pad(data_);
  put_text(infos_, name);
  put(infos_, static_cast<std::uint32_t>(dimensions.size()));
  for (const std::uint64_t size : dimensions) put(infos_, size);
  put(infos_, type);
  put(infos_, static_cast<std::uint64_t>(data_.size()));
  ++tensors_;
}

void GgufWriter::ones(std::string_view name, std::uint32_t count) {
  tensor(name, {count}, kF32);
  for (std::uint32_t i = 0; i < count; ++i) put(data_, std::bit_cast<std::uint32_t>(1.0F));
}

void GgufWriter::weights(std::string_view name, std::uint32_t columns, std::uint32_t rows, std::uint64_t seed) {
  tensor(name, {columns, rows}, kQ8);
  const std::uint16_t scale = scale_of(root(columns));
  const std::uint64_t blocks = std::uint64_t{columns} / kBlock * rows;
  data_.reserve(data_.size() + blocks * (2 + kBlock));
  for (std::uint64_t block = 0; block < blocks; ++block) {
    put(data_, scale);
    for (std::uint32_t word = 0; word < kBlock / 8; ++word) {
      std::uint64_t bytes = next(seed);
      // -128 is no value of q8_0.
      for (int i = 0; i < 8; ++i, bytes >>= 8)
        data_ += (bytes & 0xff) == 0x80 ? '\x7f' : static_cast<char>(bytes & 0xff);
    }
  }
}

std::string GgufWriter::finish() const {
  std::string out = "GGUF";
  put(out, kVersion);
  put(out, tensors_);
  put(out, keys_);
  out += pairs_;
  out += infos_;
  pad(out);
  out += data_;
  pad(out);
  return out;
}

std::string random_model(const ModelShape& shape) {
  GgufWriter out;
  out.text("general.architecture", "llama");
  out.text("general.name", "aios-bench random weights");
  out.number("general.file_type", kMostlyQ8);
  out.number("general.quantization_version", 2);
  out.number("general.alignment", GgufWriter::kAlignment);
  out.number("llama.vocab_size", shape.vocabulary);
  out.number("llama.context_length", shape.context);
  out.number("llama.embedding_length", shape.width);
  out.number("llama.block_count", shape.layers);
  out.number("llama.feed_forward_length", shape.feed_forward);
  out.number("llama.attention.head_count", shape.heads);
  out.number("llama.attention.head_count_kv", shape.heads);
  out.number("llama.rope.dimension_count", shape.width / shape.heads);
  out.real("llama.attention.layer_norm_rms_epsilon", 1e-5F);
  out.text("tokenizer.ggml.model", "none");

  std::uint64_t seed = shape.seed << 32;
  out.weights("token_embd.weight", shape.width, shape.vocabulary, seed++);
  out.ones("output_norm.weight", shape.width);
  out.weights("output.weight", shape.width, shape.vocabulary, seed++);
  for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
    const std::string block = "blk." + std::to_string(layer) + ".";
    out.ones(block + "attn_norm.weight", shape.width);
    for (const char* name : {"attn_q", "attn_k", "attn_v", "attn_output"}) {
      out.weights(block + name + ".weight", shape.width, shape.width, seed++);
    }
    out.ones(block + "ffn_norm.weight", shape.width);
    out.weights(block + "ffn_gate.weight", shape.width, shape.feed_forward, seed++);
    out.weights(block + "ffn_up.weight", shape.width, shape.feed_forward, seed++);
    out.weights(block + "ffn_down.weight", shape.feed_forward, shape.width, seed++);
  }
  return out.finish();
}

}  // namespace aios::inference
