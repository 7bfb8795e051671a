// SPDX-License-Identifier: Apache-2.0
#include "reports/timeline.h"

#include <algorithm>
#include <array>
#include <utility>

namespace aios {
namespace {

// What the stretch that ends at a point is called.
std::string until(const std::string& point, bool first) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 13> kNames = {{
      {"image_entry", "firmware and loader"},
      {"kernel_entry", "decompression"},
      {"x86_64_start_kernel", "kernel entry"},
      {"start_kernel", "early set-up"},
      {"rest_init", "start_kernel"},
      {"kernel_init", "first threads"},
      {"do_pre_smp_initcalls", "before the initcalls"},
      {"do_basic_setup", "early initcalls"},
      {"console_on_rootfs", "initcalls"},
      {"free_initmem", "root file system"},
      {"mark_readonly", "memory freed"},
      {"init", "exec of init"},
      {"ready", "init to ready"},
  }};
  if (first && point == "kernel_entry") return "firmware, loader, decompression";
  for (const auto& [name, text] : kNames) {
    if (point == name) return std::string(text);
  }
  return "until " + point;
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
  bool ready = false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const TimelinePoint& point = points[i];
    if (point.kind == "initcall") {
      if (i + 1 < points.size()) out.initcalls.push_back({point.name, points[i + 1].instructions - point.instructions});
    } else if (!ready) {
      out.phases.push_back({until(point.name, out.phases.empty()), point.instructions - last_phase});
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
