// SPDX-License-Identifier: Apache-2.0
#include "harness/store/run_id.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace aios {
namespace {

constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::int64_t kSpan = 36 * 36 * 36;

std::string three(std::int64_t number) {
  return {kDigits[number / 36 / 36 % 36], kDigits[number / 36 % 36], kDigits[number % 36]};
}

}  // namespace

std::string make_run_id(std::int64_t unix_nanoseconds) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::random_device entropy;
  const std::int64_t fraction = unix_nanoseconds % kSecond * kSpan / kSecond;
  return fmt::format("{:%Y%m%d-%H%M%S}-{}{}", fmt::gmtime(static_cast<std::time_t>(unix_nanoseconds / kSecond)),
                     three(fraction), three(entropy() % kSpan));
}

std::int64_t unix_nanoseconds_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool is_run_id(std::string_view text) {
  if (text.size() != 22 || text[8] != '-' || text[15] != '-') return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto letter = [&](char c) { return digit(c) || (c >= 'a' && c <= 'z'); };
  const std::string_view date = text.substr(0, 8);
  const std::string_view time = text.substr(9, 6);
  const std::string_view rest = text.substr(16);
  return std::all_of(date.begin(), date.end(), digit) && std::all_of(time.begin(), time.end(), digit) &&
         std::all_of(rest.begin(), rest.end(), letter);
}

}  // namespace aios
