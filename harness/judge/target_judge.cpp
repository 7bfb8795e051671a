// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/target_judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/stats/median_interval.h"
#include "harness/stats/quantile.h"

namespace aios {
namespace {

constexpr double kConfidence = 0.95;

bool holds(const Target& target, double value) {
  switch (target.relation) {
    case Relation::at_most:
      return value <= target.value;
    case Relation::less_than:
      return value < target.value;
    case Relation::at_least:
      return value >= target.value;
    case Relation::equals_yes:
      return value != 0;
  }
  return false;
}

TargetVerdict judge_yes_no(const std::vector<Sample>& samples) {
  TargetVerdict out{.unit = Unit::yes_no, .fidelity = samples.front().fidelity};
  std::size_t done = 0;
  std::string skipped;
  for (const Sample& sample : samples) {
    if (sample.skipped) {
      skipped = sample.detail;
      continue;
    }
    ++done;
    if (sample.value == 0) {
      out.verdict = VerdictKind::missed;
      out.value = 0;
      out.reason = sample.metric + (sample.detail.empty() ? " is no" : ": " + sample.detail);
      return out;
    }
  }
  if (done == 0) {
    out.verdict = VerdictKind::not_judged;
    out.reason = fmt::format("{} was skipped{}", samples.front().metric, skipped.empty() ? "" : ": " + skipped);
    return out;
  }
  out.verdict = VerdictKind::met;
  out.value = 1;
  return out;
}

// Why samples of this unit and fidelity can say nothing on the target, or "".
std::string refusal(const Target& target, const Sample& sample) {
  if (sample.unit != target.unit) {
    return fmt::format("{} was measured as {} ({}); the target is in {}", target.metric,
                       format_value(sample.value, sample.unit), to_string(sample.fidelity), to_string(target.unit));
  }
  if (target.unit == Unit::cycles && sample.fidelity != Fidelity::timed) {
    return "a cycle count from emulation is never compared with a cycle target";
  }
  if (target.unit == Unit::nanoseconds && sample.fidelity != Fidelity::timed && sample.fidelity != Fidelity::bounded) {
    return "the clock of exact mode is virtual: it measures no time";
  }
  if (target.unit == Unit::nanoseconds && sample.fidelity == Fidelity::bounded &&
      (!target.boundable || target.relation == Relation::at_least)) {
    return "time on emulation is no bound for this target";
  }
  return "";
}

// The population: boots where a boot is noisy, perturbations where the boot itself is exact.
std::vector<double> figures_of(const std::vector<Sample>& samples) {
  std::map<int, std::vector<double>> groups;
  for (const Sample& sample : samples) {
    const bool by_perturbation = sample.fidelity == Fidelity::exact || sample.fidelity == Fidelity::counted;
    groups[by_perturbation ? sample.perturbation : sample.boot].push_back(sample.value);
  }
  std::vector<double> out;
  out.reserve(groups.size());
  for (const auto& [key, values] : groups) out.push_back(stats::median(values));
  std::sort(out.begin(), out.end());
  return out;
}

// Emulation and a busy host only ever add time, so the fastest boot is the bound; the others say how busy the host was.
void judge_bound(const Target& target, const std::vector<double>& ascending, TargetVerdict& out) {
  out.value = ascending.front();
  const std::string boots = ascending.size() == 1 ? ""
                                                  : fmt::format(" (the best of {} boots, up to {})", ascending.size(),
                                                                format_value(ascending.back(), target.unit));
  if (holds(target, ascending.front())) {
    out.verdict = VerdictKind::bounded;
    out.reason = "met on emulation, which can only be slower than the same machine under KVM" + boots;
    return;
  }
  out.verdict = VerdictKind::inconclusive;
  out.reason = fmt::format("{} on emulation, which is slower than the real thing: neither met nor missed{}",
                           format_value(*out.value, target.unit), boots);
}

void judge_population(const Target& target, const std::vector<double>& ascending, bool noisy, TargetVerdict& out) {
  double low = ascending.front();
  double high = ascending.back();
  std::string population = "all";
  const int needed = stats::median_samples_needed(kConfidence);
  if (static_cast<int>(ascending.size()) >= needed) {
    const auto estimate = stats::median_interval(ascending, kConfidence);
    if (estimate.ok()) {
      low = estimate->interval.low;
      high = estimate->interval.high;
      population = fmt::format("{:.1f} % interval", 100 * estimate->interval.attained);
    }
  } else if (noisy) {
    out.verdict = VerdictKind::inconclusive;
    out.reason = fmt::format("{} boot{} cannot bound the median of a noisy time at {:.0f} %; {} can", ascending.size(),
                             ascending.size() == 1 ? "" : "s", 100 * kConfidence, needed);
    return;
  }
  const bool low_holds = holds(target, low);
  const bool high_holds = holds(target, high);
  out.verdict = low_holds != high_holds ? VerdictKind::inconclusive
                : low_holds             ? VerdictKind::met
                                        : VerdictKind::missed;
  if (low != high) {
    out.reason = fmt::format("{} of {}: {} to {}", population, ascending.size(), format_value(low, target.unit),
                             format_value(high, target.unit));
  }
}

}  // namespace

TargetVerdict judge_target(const Target& target, const std::vector<Sample>& samples) {
  if (samples.empty()) return {.unit = target.unit, .reason = target.metric + " was not measured"};
  std::vector<Sample> usable;
  std::string refused;
  for (const Sample& sample : samples) {
    const std::string why = sample.skipped && target.unit != Unit::yes_no
                                ? sample.metric + " was skipped: " + sample.detail
                                : refusal(target, sample);
    if (why.empty()) {
      usable.push_back(sample);
    } else {
      refused = why;
    }
  }
  if (usable.empty()) {
    return {.verdict = VerdictKind::not_judged,
            .unit = target.unit,
            .fidelity = samples.front().fidelity,
            .reason = refused};
  }
  if (target.relation == Relation::equals_yes) return judge_yes_no(usable);

  // Where real time and a bound on it stand side by side, the real time is what counts.
  const bool any_timed = std::any_of(usable.begin(), usable.end(),
                                     [](const Sample& sample) { return sample.fidelity == Fidelity::timed; });
  if (any_timed) std::erase_if(usable, [](const Sample& sample) { return sample.fidelity != Fidelity::timed; });

  const std::vector<double> ascending = figures_of(usable);
  TargetVerdict out{.value = stats::quantile_of_sorted(ascending, 0.5),
                    .unit = target.unit,
                    .fidelity = usable.front().fidelity,
                    .reason = ""};
  if (!std::all_of(ascending.begin(), ascending.end(), [](double value) { return std::isfinite(value); })) {
    out.value.reset();
    out.verdict = VerdictKind::inconclusive;
    out.reason = target.metric + " holds figures that are no finite numbers";
    return out;
  }
  const bool time = target.unit == Unit::nanoseconds || target.unit == Unit::cycles;
  if (time && out.fidelity == Fidelity::bounded) {
    judge_bound(target, ascending, out);
  } else {
    judge_population(target, ascending, time, out);
  }
  if (out.reason.empty()) out.reason = usable.front().detail;
  return out;
}

}  // namespace aios
