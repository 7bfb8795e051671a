// SPDX-License-Identifier: Apache-2.0
// Names of runs: 20261120-184100-k3fx7q. Readable, in order of time when sorted as text (three letters are the fraction
// of the second), and unlikely to meet between processes (three are random; making the folder is what decides).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aios {

std::string make_run_id(std::int64_t unix_nanoseconds);
std::int64_t unix_nanoseconds_now();
bool is_run_id(std::string_view text);

}  // namespace aios
