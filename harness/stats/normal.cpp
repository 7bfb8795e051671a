// SPDX-License-Identifier: Apache-2.0
#include "harness/stats/normal.h"

#include <boost/math/special_functions/erf.hpp>
#include <cmath>

namespace aios::stats {

double normal_quantile(double q) { return -std::sqrt(2.0) * boost::math::erfc_inv(2 * q); }
double normal_two_sided_tail(double z) { return std::erfc(std::fabs(z) / std::sqrt(2.0)); }

}  // namespace aios::stats
