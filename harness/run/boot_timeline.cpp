// SPDX-License-Identifier: Apache-2.0
#include "harness/run/boot_timeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/support/text.h"

namespace aios {
namespace {

using At = std::optional<std::int64_t>;

At find(const std::vector<TimelinePoint>& timeline, std::string_view name) {
  for (const TimelinePoint& point : timeline) {
    if (point.name == name && point.kind == "phase") return point.instructions;
  }
  return std::nullopt;
}

// From the first initcall's beginning to the first thing that the kernel does after the last one.
At initcalls(const std::vector<TimelinePoint>& timeline) {
  At first, last, after;
  for (const TimelinePoint& point : timeline) {
    if (point.kind != "initcall") continue;
    if (!first) first = point.instructions;
    last = point.instructions;
  }
  for (const char* name : {"console_on_rootfs", "free_initmem", "mark_readonly", "init"}) {
    const At at = find(timeline, name);
    if (at && last && *at >= *last && (!after || *at < *after)) after = at;
  }
  if (!first || !after) return std::nullopt;
  return *after - *first;
}

}  // namespace

std::vector<TimelinePoint> boot_timeline(const GuestCounts& counts, const std::vector<BootSymbol>& symbols) {
  std::map<std::uint64_t, const BootSymbol*> known;
  for (const BootSymbol& symbol : symbols) known[symbol.address] = &symbol;
  std::vector<TimelinePoint> out;
  for (const WatchedAddress& watched : counts.watched) {
    const auto found = known.find(watched.address);
    if (found == known.end() || found->second->kind == "handler") continue;
    out.push_back({found->second->name, found->second->kind, watched.at.instructions()});
  }
  constexpr std::pair<int, const char*> kPoints[] = {
      {kPointInit, "init"}, {kPointReady, "ready"}, {kPointDone, "done"}};
  for (const auto& [id, name] : kPoints) {
    if (const CountedPoint* point = counts.find_point(id)) out.push_back({name, "phase", point->at.instructions()});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const TimelinePoint& a, const TimelinePoint& b) { return a.instructions < b.instructions; });
  // Early code is watched at two addresses: the first one that ran is it.
  std::vector<TimelinePoint> first;
  for (TimelinePoint& point : out) {
    if (point.kind == "phase" && find(first, point.name)) continue;
    first.push_back(std::move(point));
  }
  return first;
}

std::int64_t instructions_to_done(const GuestCounts& counts) {
  const CountedPoint* done = counts.find_point(kPointDone);
  return done == nullptr ? 0 : done->at.instructions();
}

BootFigures boot_figures(const GuestCounts& counts, const std::vector<TimelinePoint>& timeline) {
  BootFigures out;
  std::vector<std::string> missing;
  const auto figure = [&](const char* metric, At value, const CountVector* vector = nullptr) {
    if (!value) {
      missing.emplace_back(metric);
      return;
    }
    Sample sample;
    sample.metric = metric;
    sample.scenario = "boot";
    sample.unit = Unit::instructions;
    sample.value = static_cast<double>(*value);
    if (vector != nullptr) sample.counts = *vector;
    out.samples.push_back(std::move(sample));
  };
  const At image = find(timeline, "image_entry");
  const At kernel = find(timeline, "kernel_entry");
  figure("boot.firmware", image);
  figure("boot.decompression", image && kernel && *kernel >= *image ? At(*kernel - *image) : std::nullopt);
  figure("boot.kernel_entry", kernel);
  figure("boot.start_kernel", find(timeline, "start_kernel"));
  figure("boot.initcalls", initcalls(timeline));
  const CountedPoint* init = counts.find_point(kPointInit);
  const CountedPoint* ready = counts.find_point(kPointReady);
  figure("boot.to_init", init ? At(init->at.instructions()) : std::nullopt, init ? &init->at : nullptr);
  figure("boot.to_ready", ready ? At(ready->at.instructions()) : std::nullopt, ready ? &ready->at : nullptr);
  if (!missing.empty()) {
    out.notes.push_back(fmt::format("not known for want of symbols or marks: {}", join(missing, ", ")));
  }
  return out;
}

}  // namespace aios
