// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/hardware_counters.h"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>

#include <cerrno>

#include "harness/support/result.h"
#include "harness/support/text.h"

namespace aios::host {
namespace {

struct CounterKind {
  const char* name;
  std::uint32_t type;
  std::uint64_t config;
  bool hardware() const { return type == PERF_TYPE_HARDWARE; }
};

constexpr CounterKind kCounters[] = {{"cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
                                     {"instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
                                     {"switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES},
                                     {"migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS}};

int open_counter(const CounterKind& kind, bool kernel_too) {
  perf_event_attr what{};
  what.type = kind.type;
  what.size = sizeof what;
  what.config = kind.config;
  what.disabled = 1;
  what.inherit = 1;
  what.enable_on_exec = 1;
  what.exclude_kernel = kernel_too ? 0 : 1;
  what.exclude_hv = 1;
  what.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return static_cast<int>(::syscall(SYS_perf_event_open, &what, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

std::string reason(int code) {
  switch (code) {
    case ENOENT:
    case EOPNOTSUPP:
    case ENODEV:
      return "the processor shows none (a virtual machine without a PMU?)";
    case EACCES:
    case EPERM:
      return "the kernel refuses them: see /proc/sys/kernel/perf_event_paranoid";
    case ENOSYS:
      return "this kernel is built without perf events";
    default:
      return system_error("perf_event_open", {}, code).what;
  }
}

}  // namespace

HardwareCounters HardwareCounters::for_next_child() {
  HardwareCounters out;
  for (const CounterKind& kind : kCounters) {
    bool kernel_too = true;
    int fd = open_counter(kind, kernel_too);
    // The kernel's own happen in the kernel: without that there are none.
    if (fd < 0 && (errno == EACCES || errno == EPERM) && kind.hardware()) {
      kernel_too = false;
      fd = open_counter(kind, kernel_too);
    }
    if (fd < 0) {
      if (out.why_not_.empty() && kind.hardware()) out.why_not_ = reason(errno);
      continue;
    }
    out.open_.push_back({kind.name, UniqueFd(fd), kernel_too, kind.hardware()});
  }
  return out;
}

std::vector<Counted> HardwareCounters::read() const {
  std::vector<Counted> out;
  for (const Open& counter : open_) {
    std::uint64_t words[3] = {};
    if (::read(counter.fd.get(), words, sizeof words) != sizeof words) continue;
    if (words[1] == 0 || words[1] != words[2] || (counter.hardware && words[0] == 0)) continue;
    out.push_back({counter.name, words[0], counter.kernel_too, counter.hardware});
  }
  return out;
}

std::string describe(const std::vector<Counted>& counted) {
  std::string out;
  double cycles = 0;
  for (const Counted& one : counted) {
    out += fmt::format("{}{} {}{}", out.empty() ? "" : ", ", group_digits(static_cast<long long>(one.value)), one.name,
                       one.kernel_too ? "" : " in user space");
    if (one.name == "cycles") cycles = static_cast<double>(one.value);
    if (one.name == "instructions" && cycles > 0) {
      out += fmt::format(" ({:.2f} a cycle)", static_cast<double>(one.value) / cycles);
    }
  }
  return out;
}

}  // namespace aios::host
