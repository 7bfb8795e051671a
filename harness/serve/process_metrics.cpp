// SPDX-License-Identifier: Apache-2.0
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>

#include "harness/serve/health.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::uint64_t kMostProcText = 64U << 10;

double as_number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// When the host was started, in seconds since 1970.
double host_start() {
  const auto stat = read_file("/proc/stat", 4U << 20);
  if (!stat.ok()) return 0;
  for (const auto& line : split(*stat, '\n')) {
    if (line.starts_with("btime ")) return as_number(line.substr(6));
  }
  return 0;
}

double open_files() {
  std::error_code code;
  double count = 0;
  for (fs::directory_iterator it("/proc/self/fd", code), end; !code && it != end; it.increment(code)) ++count;
  return count;
}

}  // namespace

void add_process_metrics(MetricFamilies& families) {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto of = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    families.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.", {},
                     of(usage.ru_utime) + of(usage.ru_stime));
  }
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    families.gauge("process_max_fds", "Maximum number of open file descriptors.", {},
                   static_cast<double>(files.rlim_cur));
  }
  families.gauge("process_open_fds", "Number of open file descriptors.", {}, open_files());
  const auto stat = read_file("/proc/self/stat", kMostProcText);
  if (!stat.ok()) return;
  // The name may hold blanks and brackets: what follows begins after the last bracket, with field 3.
  const auto end_of_name = stat->rfind(')');
  if (end_of_name == std::string::npos) return;
  const auto fields = split_words(stat->substr(end_of_name + 1));
  if (fields.size() < 22) return;
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  families.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.", {},
                 host_start() + as_number(fields[19]) / ticks);
  families.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", {}, as_number(fields[20]));
  families.gauge("process_resident_memory_bytes", "Resident memory size in bytes.", {},
                 as_number(fields[21]) * static_cast<double>(sysconf(_SC_PAGESIZE)));
}

}  // namespace aios
