// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/u_distribution.h"

#include <algorithm>
#include <cmath>

namespace aios::stats {
namespace {

long double binomial(int n, int k) {
  long double out = 1;
  for (int i = 1; i <= k; ++i) out = out * static_cast<long double>(n - k + i) / static_cast<long double>(i);
  return out;
}

// Half steps: rounding errors of a u that was computed as a sum of ranks must not move it to the next step.
long twice(double u) { return std::lround(2 * u); }

}  // namespace

std::vector<long double> u_arrangements(int n1, int n2) {
  const int top = n1 * n2;
  std::vector<long double> f(static_cast<std::size_t>(top) + 1, 0);
  f[0] = 1;
  for (int i = 1; i <= n2; ++i) {
    for (int u = top; u >= n1 + i; --u) f[static_cast<std::size_t>(u)] -= f[static_cast<std::size_t>(u - n1 - i)];
    for (int u = i; u <= top; ++u) f[static_cast<std::size_t>(u)] += f[static_cast<std::size_t>(u - i)];
  }
  // The series is exact from the low end on; the high end repeats it, without the rounding that gathers there.
  for (int u = 0; u < top - u; ++u) f[static_cast<std::size_t>(top - u)] = f[static_cast<std::size_t>(u)];
  return f;
}

UDistribution::UDistribution(std::vector<long double> ways) : ways_(std::move(ways)) {
  for (const long double count : ways_) total_ += count;
}

UDistribution UDistribution::without_ties(int n1, int n2) {
  const std::vector<long double> f = u_arrangements(n1, n2);
  std::vector<long double> ways(2 * f.size() - 1, 0);
  for (std::size_t u = 0; u < f.size(); ++u) ways[2 * u] = f[u];
  return UDistribution(std::move(ways));
}

UDistribution UDistribution::with_ties(std::span<const int> groups, int n1) {
  // State: how many of the first side are dealt, and twice the sum of *their* U, which is what they beat so far: taking
  // c of a group of t leaves t-c to the other side; each of those is above every x dealt before (2 each) and ties with
  // the c of its own group (1 each).
  int n = 0;
  for (const int size : groups) n += size;
  const int n2 = n - n1;
  const std::size_t width = 2 * static_cast<std::size_t>(n1) * static_cast<std::size_t>(n2) + 1;
  std::vector<std::vector<long double>> states(static_cast<std::size_t>(n1) + 1, std::vector<long double>(width, 0));
  states[0][0] = 1;
  for (const int size : groups) {
    std::vector<std::vector<long double>> next(states.size(), std::vector<long double>(width, 0));
    for (int dealt = 0; dealt <= n1; ++dealt) {
      for (int take = 0; take <= std::min(size, n1 - dealt); ++take) {
        const std::size_t step = static_cast<std::size_t>(size - take) *
                                 (2 * static_cast<std::size_t>(dealt) + static_cast<std::size_t>(take));
        const long double choices = binomial(size, take);
        const auto& from = states[static_cast<std::size_t>(dealt)];
        auto& to = next[static_cast<std::size_t>(dealt) + static_cast<std::size_t>(take)];
        for (std::size_t s = 0; s + step < width; ++s) {
          if (from[s] != 0) to[s + step] += choices * from[s];
        }
      }
    }
    states = std::move(next);
  }
  return UDistribution(std::move(states.back()));
}

double UDistribution::at_most(double u) const {
  const long end = std::min<long>(twice(u), static_cast<long>(ways_.size()) - 1);
  long double sum = 0;
  for (long i = 0; i <= end; ++i) sum += ways_[static_cast<std::size_t>(i)];
  return static_cast<double>(sum / total_);
}

double UDistribution::at_least(double u) const {
  long double sum = 0;
  for (long i = static_cast<long>(ways_.size()) - 1; i >= std::max<long>(twice(u), 0); --i) {
    sum += ways_[static_cast<std::size_t>(i)];
  }
  return static_cast<double>(sum / total_);
}

double UDistribution::two_sided(double u) const { return std::min(1.0, 2 * std::min(at_most(u), at_least(u))); }

double UDistribution::smallest_two_sided() const {
  const auto not_zero = [](long double count) { return count != 0; };
  const long double low = *std::find_if(ways_.begin(), ways_.end(), not_zero);
  const long double high = *std::find_if(ways_.rbegin(), ways_.rend(), not_zero);
  return static_cast<double>(std::min(1.0L, 2 * std::min(low, high) / total_));
}

double smallest_p(int n1, int n2) {
  if (n1 < 1 || n2 < 1) return 1;
  return static_cast<double>(std::min(1.0L, 2 / binomial(n1 + n2, std::min(n1, n2))));
}

int samples_needed(double alpha) {
  int n = 1;
  while (n < 1000 && smallest_p(n, n) > alpha) ++n;
  return n;
}

}  // namespace aios::stats
