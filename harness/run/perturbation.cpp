// SPDX-License-Identifier: Apache-2.0
#include "harness/run/perturbation.h"

#include <fmt/format.h>

namespace aios {
namespace {

constexpr int kKinds = 3;
constexpr int kMemoryStep = 2;       // MiB: other zone sizes and page structures, nothing else
constexpr int kPhaseStep = 104'729;  // a prime, so that the steps do not fall on the tick's own grid

}  // namespace

Perturbation perturbation(int index) {
  Perturbation out;
  out.index = index;
  if (index <= 0) {
    out.index = 0;
    out.kind = "none";
    out.description = "as it is";
    return out;
  }
  const int round = (index - 1) / kKinds + 1;
  switch ((index - 1) % kKinds) {
    case 0: {
      // One word costs about 150,000 instructions of a boot and moves what is allocated after it.
      const std::string word = "aios_padding=" + std::string(static_cast<std::size_t>(round) * 7 % 61 + 1, 'x');
      out.kind = "padding";
      out.description = fmt::format("one more word of {} characters on the command line", word.size());
      out.append = {word};
      break;
    }
    case 1:
      out.kind = "memory";
      out.memory_mb_added = round * kMemoryStep;
      out.description = fmt::format("{} MiB more memory", out.memory_mb_added);
      break;
    default:
      out.kind = "tick_phase";
      out.append = {fmt::format("aios_phase={}", static_cast<long long>(round) * kPhaseStep)};
      out.description = fmt::format("PID 1 counts to {} before it begins", static_cast<long long>(round) * kPhaseStep);
      break;
  }
  return out;
}

std::vector<Perturbation> perturbations(int count) {
  std::vector<Perturbation> out;
  for (int index = 0; index <= count; ++index) out.push_back(perturbation(index));
  return out;
}

}  // namespace aios
