// SPDX-License-Identifier: Apache-2.0
#include "reports/timeline.h"

#include <algorithm>
#include <array>
#include <utility>

namespace aios {
namespace {

// What a stretch between two points is called; between two that are not neighbours the name is the points' own.
std::string stretch_name(const std::string& from, const std::string& to) {
  struct Named {
    std::string_view from, to, name;
  };
  static constexpr std::array kNames = {Named{"", "image_entry", "firmware and loader"},
                                        Named{"", "kernel_entry", "firmware, loader, decompression"},
                                        Named{"image_entry", "kernel_entry", "decompression"},
                                        Named{"kernel_entry", "x86_64_start_kernel", "kernel entry"},
                                        Named{"x86_64_start_kernel", "start_kernel", "early set-up"},
                                        Named{"start_kernel", "rest_init", "start_kernel"},
                                        Named{"rest_init", "kernel_init", "first threads"},
                                        Named{"kernel_init", "do_pre_smp_initcalls", "before the initcalls"},
                                        Named{"do_pre_smp_initcalls", "do_basic_setup", "early initcalls"},
                                        Named{"do_basic_setup", "console_on_rootfs", "initcalls"},
                                        Named{"console_on_rootfs", "free_initmem", "root file system"},
                                        Named{"free_initmem", "mark_readonly", "memory freed"},
                                        Named{"mark_readonly", "init", "exec of init"},
                                        Named{"init", "ready", "init to ready"}};
  for (const Named& named : kNames) {
    if (named.from == from && named.to == to) return std::string(named.name);
  }
  return from.empty() ? "until " + to : from + " to " + to;
}

}  // namespace

BootTimeline boot_timeline(const RunRecord& run) {
  BootTimeline out;
  const BootRecord* best = nullptr;
  for (const BootRecord& boot : run.boots) {
    if (!boot.ok || boot.timeline.empty()) continue;
    const auto rank = [](const BootRecord& b) { return std::pair(b.perturbation == 0, b.timeline.size()); };
    if (best == nullptr || rank(boot) > rank(*best)) best = &boot;
  }
  if (best == nullptr) return out;
  out.boot = best->index;

  std::vector<TimelinePoint> points = best->timeline;
  std::stable_sort(points.begin(), points.end(),
                   [](const auto& a, const auto& b) { return a.instructions < b.instructions; });
  std::int64_t last_phase = 0;
  std::string last_name;
  bool ready = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const TimelinePoint& point = points[i];
    if (point.kind == "initcall") {
      if (i + 1 < points.size()) out.initcalls.push_back({point.name, points[i + 1].instructions - point.instructions});
    } else if (!ready) {
      out.phases.push_back({stretch_name(last_name, point.name), point.instructions - last_phase});
      last_name = point.name;
      last_phase = point.instructions;
      ready = point.name == "ready";
    }
  }
  out.total = last_phase;
  std::stable_sort(out.initcalls.begin(), out.initcalls.end(),
                   [](const Stretch& a, const Stretch& b) { return a.instructions > b.instructions; });
  return out;
}

}  // namespace aios
