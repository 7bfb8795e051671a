// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/clopper_pearson.h"

#include <fmt/format.h>

#include <boost/math/special_functions/beta.hpp>

namespace aios::stats {
namespace {

Status check_counts(int hits, int trials, double confidence) {
  if (trials < 1 || hits < 0 || hits > trials) return config_error(fmt::format("{} of {} is no rate", hits, trials));
  if (!(confidence > 0 && confidence < 1)) return config_error(fmt::format("{} is no confidence", confidence));
  return {};
}

double upper_rate(int hits, int trials, double tail) {
  return hits == trials ? 1 : boost::math::ibetac_inv(hits + 1.0, static_cast<double>(trials - hits), tail);
}

double lower_rate(int hits, int trials, double tail) {
  return hits == 0 ? 0 : boost::math::ibeta_inv(static_cast<double>(hits), trials - hits + 1.0, tail);
}

}  // namespace

Result<Estimate> clopper_pearson(int hits, int trials, double confidence) {
  TRY(check_counts(hits, trials, confidence));
  Estimate out;
  out.value = static_cast<double>(hits) / trials;
  out.interval.asked = confidence;
  out.interval.attained = confidence;  // at least
  out.interval.low = lower_rate(hits, trials, (1 - confidence) / 2);
  out.interval.high = upper_rate(hits, trials, (1 - confidence) / 2);
  return out;
}

Result<double> rate_at_most(int hits, int trials, double confidence) {
  TRY(check_counts(hits, trials, confidence));
  return upper_rate(hits, trials, 1 - confidence);
}

}  // namespace aios::stats
