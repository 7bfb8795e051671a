// SPDX-License-Identifier: Apache-2.0
// A target as a person writes it in claims.toml:  METRIC < 10 MB,  METRIC <= 5 s,  METRIC >= 2 x,  METRIC is yes.
// Units: s ms us ns, B KB MB GB (powers of 1,000: the stricter reading of "under 10 MB") KiB MiB, instructions, cycles,
// x (a ratio), % (a ratio too), and none for things counted.
#pragma once

#include <string_view>

#include "harness/model/verdict.h"
#include "harness/support/result.h"

namespace aios {

Result<Target> parse_target(std::string_view text);

}  // namespace aios
