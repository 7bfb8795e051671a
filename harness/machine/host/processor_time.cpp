// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/processor_time.h"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "harness/support/files.h"
#include "harness/support/text.h"

namespace aios::host {
namespace {

constexpr std::uint64_t kMostStat = 4U << 20;
constexpr Duration kShortest = std::chrono::milliseconds(200);  // of so few ticks no part can be told

Duration of_timeval(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

std::optional<ProcessorTime> processor_time(std::string_view proc_stat, int processor, long ticks_a_second) {
  const std::string name = fmt::format("cpu{}", processor);
  for (const std::string& line : split(proc_stat, '\n')) {
    const auto words = split_words(line);
    if (words.size() < 9 || words[0] != name || ticks_a_second <= 0) continue;
    // user nice system idle iowait irq softirq steal; guest time is part of user time.
    long long ticks[8] = {};
    for (std::size_t i = 0; i < 8; ++i) {
      const std::string& word = words[i + 1];
      if (std::from_chars(word.data(), word.data() + word.size(), ticks[i]).ec != std::errc()) return std::nullopt;
    }
    const auto span = [&](long long count) {
      return Duration(
          static_cast<Duration::rep>(static_cast<double>(count) * 1e9 / static_cast<double>(ticks_a_second)));
    };
    ProcessorTime out;
    out.busy = span(ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]);
    out.idle = span(ticks[3] + ticks[4]);
    out.stolen = span(ticks[7]);
    return out;
  }
  return std::nullopt;
}

std::optional<ProcessorTime> processor_time(int processor) {
  const Result<std::string> text = read_file("/proc/stat", kMostStat);
  if (!text.ok()) return std::nullopt;
  return processor_time(*text, processor, ::sysconf(_SC_CLK_TCK));
}

std::optional<Disturbance> disturbance(const ProcessorTime& before, const ProcessorTime& after, Duration own) {
  const Duration whole = after.total() - before.total();
  if (whole < kShortest) return std::nullopt;
  const auto part = [&](Duration of) { return std::clamp(seconds(of) / seconds(whole), 0.0, 1.0); };
  return Disturbance{part(after.busy - before.busy - own), part(after.stolen - before.stolen)};
}

Duration reaped_children_time() {
  rusage usage{};
  if (::getrusage(RUSAGE_CHILDREN, &usage) != 0) return Duration{0};
  return of_timeval(usage.ru_utime) + of_timeval(usage.ru_stime);
}

}  // namespace aios::host
