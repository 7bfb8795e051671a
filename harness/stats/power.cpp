// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/power.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "harness/stats/normal.h"
#include "harness/stats/quantile.h"
#include "harness/stats/random.h"
#include "harness/stats/rank_cut.h"
#include "harness/stats/u_distribution.h"
#include "harness/stats/w_distribution.h"

namespace aios::stats {
namespace {

constexpr int kSimulatedTo = 50;
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kRankEfficiency = 0.977;  // sqrt(3/pi): what ranks give away to the t test on normal noise

long cut_of(Design design, int n, double alpha) {
  const bool paired = design == Design::paired_blocks;
  const std::vector<long double> ways = paired ? WDistribution::without_ties(n).ways() : u_arrangements(n, n);
  const std::size_t step = paired ? 2 : 1;  // the law of W counts half ranks
  long double total = 0;
  for (const long double count : ways) total += count;
  long double sum = 0;
  const long values = paired ? static_cast<long>(n) * (n + 1) / 2 : static_cast<long>(n) * n;
  return find_rank_cut(values, alpha,
                       [&](long at) {
                         sum += ways[step * static_cast<std::size_t>(at)];
                         return static_cast<double>(sum / total);
                       })
      .k;
}

// The test finds a shift exactly when the interval's lower end lies above 0, that is when the k-th smallest difference
// of the noise alone, plus the shift, does. So each simulated experiment tells the smallest shift it would have found.
std::vector<double> found_from(Design design, int n, double alpha) {
  const long k = cut_of(design, n, alpha);
  if (k == 0) return {};
  const auto count = static_cast<std::size_t>(n);
  const std::size_t values = design == Design::paired_blocks ? count * (count + 1) / 2 : count * count;
  const std::size_t rounds = std::clamp<std::size_t>(2'000'000 / values, 1000, 4000);
  Random random(0xa105 + static_cast<std::uint64_t>(n));
  std::vector<double> a(count), b(count), differences(values), out;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (double& value : a) value = random.normal();
    std::size_t at = 0;
    if (design == Design::paired_blocks) {
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = i; j < count; ++j) differences[at++] = (a[i] + a[j]) / 2;
      }
    } else {
      for (double& value : b) value = random.normal();
      for (const double x : a) {
        for (const double y : b) differences[at++] = y - x;
      }
    }
    const auto place = differences.begin() + (k - 1);
    std::nth_element(differences.begin(), place, differences.end());
    out.push_back(-*place);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

double planned_shift(Design design, double n, double alpha, double power) {
  const double z = normal_quantile(1 - alpha / 2) + normal_quantile(power);
  const double sides = design == Design::paired_blocks ? 1 : 2;
  return z * std::sqrt(sides / n) / kRankEfficiency * (1 + 0.8 / n);
}

double detectable_shift(Design design, int n, double alpha, double power) {
  if (n < 1 || !(alpha > 0 && alpha < 1) || !(power > 0 && power < 1)) return kInfinite;
  if (n > kSimulatedTo) return planned_shift(design, n, alpha, power);
  const std::vector<double> found = found_from(design, n, alpha);
  return found.empty() ? kInfinite : std::max(0.0, quantile_of_sorted(found, power));
}

double power_of_shift(Design design, int n, double alpha, double shift) {
  if (n < 1 || !(alpha > 0 && alpha < 1)) return 0;
  if (n > kSimulatedTo) {
    const double sides = design == Design::paired_blocks ? 1 : 2;
    const double z = shift * kRankEfficiency / (std::sqrt(sides / n) * (1 + 0.8 / n)) - normal_quantile(1 - alpha / 2);
    return 1 - 0.5 * std::erfc(z / std::sqrt(2.0));
  }
  const std::vector<double> found = found_from(design, n, alpha);
  if (found.empty()) return 0;
  const auto below = std::lower_bound(found.begin(), found.end(), shift) - found.begin();
  return static_cast<double>(below) / static_cast<double>(found.size());
}

int boots_needed(Design design, double shift, double alpha, double power, int most) {
  if (!(shift > 0) || most < 1) return 0;
  const auto enough = [&](int n) { return detectable_shift(design, n, alpha, power) <= shift; };
  if (!enough(most)) return 0;
  int low = 0;  // too few
  int high = most;
  // Near enough first, so that few sizes are simulated.
  if (most > kSimulatedTo && enough(kSimulatedTo)) high = kSimulatedTo;
  while (high - low > 1) {
    const int middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace aios::stats
