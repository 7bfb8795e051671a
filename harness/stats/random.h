// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same on every host and library, so that whatever was simulated or shuffled can be had
// again from its seed: splitmix64, and normal deviates from it (Marsaglia's polar form).
#pragma once

#include <cmath>
#include <cstdint>

namespace aios::stats {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }
  // [0, 1)
  double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  // [0, bound); a bias of bound/2^64 does not matter here
  std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64U);
  }
  double normal() {
    if (spare_ready_) {
      spare_ready_ = false;
      return spare_;
    }
    for (;;) {
      const double u = 2 * uniform() - 1;
      const double v = 2 * uniform() - 1;
      const double s = u * u + v * v;
      if (s >= 1 || s == 0) continue;
      const double scale = std::sqrt(-2 * std::log(s) / s);
      spare_ = v * scale;
      spare_ready_ = true;
      return u * scale;
    }
  }

 private:
  std::uint64_t state_;
  double spare_ = 0;
  bool spare_ready_ = false;
};

}  // namespace aios::stats
