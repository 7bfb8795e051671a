// SPDX-License-Identifier: Apache-2.0
#include "harness/run/sample_assembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "harness/guest/frame.h"

namespace aios {
namespace {

constexpr const char* kOverhead = "_overhead";
// The guest reads its clock outside the marks, and an instruction that faults is started twice: so far apart the two
// sides may be.
constexpr double kClockSlack = 3000;
constexpr double kClockShare = 0.02;

Error mismatch(std::string what) {
  return infra_fault(std::move(what), "guest report",
                     "the console's log and the plugin's counts are in the run's logs");
}

// Without idling the guest's clock ticks once an instruction and once a round of a rep instruction. Idling only adds.
Status check_clock(const RegionCounts& region, const std::string& name, double ticks) {
  const double counted = static_cast<double>(region.total.instructions()) +
                         static_cast<double>(region.total[CountClass::rep_iterations].value_or(0));
  const double slack = kClockSlack + kClockShare * counted;
  const bool idled = region.total[CountClass::hlt].value_or(0) > 0;
  if (ticks < counted - slack || (!idled && ticks > counted + slack)) {
    return mismatch(fmt::format("{}: the guest's clock says {:.0f} ticks, the host counted {:.0f} instructions{}", name,
                                ticks, counted, idled ? "" : " and no idling that would explain it"));
  }
  return {};
}

const CountVector& typical(const RegionCounts& region) {
  return region.quiet_median ? *region.quiet_median : *region.median;
}

class Assembler {
 public:
  explicit Assembler(const AssemblyInput& input) : input_(input) {}

  Result<AssembledSamples> run() {
    for (const Message& message : *input_.messages) {
      TRY(std::visit([this](const auto& body) { return take(body); }, message));
    }
    TRY(close_region());
    for (const std::string& scenario : input_.scenarios) {
      if (!ended_.contains(scenario)) fail(scenario, "it never came to its end");
    }
    return std::move(out_);
  }

 private:
  template <typename Other>
  Status take(const Other&) {
    return {};
  }

  Status take(const message::Begin& begin) {
    scenario_ = begin.scenario;
    overhead_.reset();
    return {};
  }

  Status take(const message::End& end) {
    TRY(close_region());
    ended_.insert(end.scenario);
    if (end.signal != 0) {
      fail(end.scenario,
           fmt::format("killed by signal {}{}{}", end.signal, end.detail.empty() ? "" : ": ", end.detail));
    } else if (end.exit != 0) {
      fail(end.scenario, fmt::format("exit code {}{}{}", end.exit, end.detail.empty() ? "" : ": ", end.detail));
    }
    scenario_.clear();
    return {};
  }

  Status take(const message::Region& region) {
    TRY(close_region());
    open_ = region;
    return {};
  }

  Status take(const message::Clock& clock) {
    if (!open_ || open_->number != clock.number) return {};
    ticks_ = clock.ticks;
    return close_region();
  }

  Status take(const message::Sample& from) {
    const bool time = from.unit == Unit::nanoseconds || from.unit == Unit::cycles;
    if (input_.exact && time) return {};  // the guest's clock is virtual there
    if (from.metric == kOverhead) return {};
    Sample sample = make(from.metric, from.unit);
    sample.value = from.value;
    sample.iterations = from.iterations;
    sample.values = from.values;
    sample.detail = from.detail;
    for (const RunLength& run : from.values) {
      sample.minimum = std::min(sample.minimum.value_or(run.value), run.value);
      sample.maximum = std::max(sample.maximum.value_or(run.value), run.value);
    }
    return add(std::move(sample));
  }

  Status take(const message::Check& check) {
    const bool own = check.name.starts_with(scenario_ + ".");
    if (check.skipped && own && scenario_ != "checklist") {
      out_.notes.push_back(fmt::format("{}: not measured: {}", check.name, check.detail));
      return {};
    }
    Sample sample = make(own ? check.name : scenario_ + "." + check.name, Unit::yes_no);
    sample.value = check.ok ? 1 : 0;
    sample.skipped = check.skipped;
    sample.detail = check.detail;
    return add(std::move(sample));
  }

  // The region that a frame has named, once its clock came or it is plain that none will.
  Status close_region() {
    if (!open_) return {};
    const message::Region named = *open_;
    const auto ticks = ticks_;
    open_.reset();
    ticks_.reset();
    if (!input_.exact) return {};
    if (input_.counts == nullptr) return mismatch(fmt::format("{}: nothing was counted", named.name));
    const RegionCounts* region = nullptr;
    for (const RegionCounts& candidate : input_.counts->regions) {
      if (candidate.number == named.number) region = &candidate;
    }
    if (region == nullptr) {
      return mismatch(
          fmt::format("{}: the guest speaks of region {}, which the host has not seen", named.name, named.number));
    }
    if (!region->complete || region->iterations != named.iterations || !region->median) {
      return mismatch(fmt::format("{}: the guest ran {} iterations, the host saw {}{}", named.name, named.iterations,
                                  region->iterations, region->complete ? "" : " and no end"));
    }
    const std::uint32_t tag = wire::crc32(named.name.data(), named.name.size());
    if (region->tag != 0 && region->tag != tag) {
      return mismatch(fmt::format("{}: the host's region {} was marked as another one", named.name, named.number));
    }
    if (ticks) TRY(check_clock(*region, named.name, *ticks));
    if (named.name == kOverhead) {
      overhead_ = typical(*region);
      return {};
    }
    if (!overhead_) return mismatch(fmt::format("{}: nothing says what measuring costs", named.name));
    return add(counted(named.name, *region));
  }

  Sample counted(const std::string& name, const RegionCounts& region) {
    const auto off = static_cast<double>(overhead_->instructions());
    Sample sample = make(name, Unit::instructions);
    const CountVector cost = typical(region) - *overhead_;
    sample.value = static_cast<double>(cost.instructions());
    sample.overhead = off;
    sample.iterations = region.iterations;
    sample.interrupted_iterations = region.interrupted_iterations;
    if (region.min) sample.minimum = static_cast<double>(region.min->instructions()) - off;
    if (region.max) sample.maximum = static_cast<double>(region.max->instructions()) - off;
    sample.counts = cost;
    for (const IterationRun& run : region.runs) {
      const double value = static_cast<double>(run.instructions) - off;
      if (!sample.values.empty() && sample.values.back().value == value) {
        sample.values.back().times += run.count;
      } else {
        sample.values.push_back({value, run.count});
      }
    }
    return sample;
  }

  Sample make(std::string metric, Unit unit) const {
    Sample sample;
    sample.metric = std::move(metric);
    sample.scenario = scenario_;
    sample.unit = unit;
    sample.fidelity = fidelity_of(unit, input_.fidelity);
    sample.boot = input_.boot;
    sample.perturbation = input_.perturbation;
    return sample;
  }

  Status add(Sample sample) {
    if (!seen_.insert(sample.metric).second) {
      return mismatch(fmt::format("{}: the guest reported it twice in one boot", sample.metric));
    }
    out_.samples.push_back(std::move(sample));
    return {};
  }

  void fail(const std::string& scenario, const std::string& why) {
    if (std::find(out_.failed.begin(), out_.failed.end(), scenario) != out_.failed.end()) return;
    out_.failed.push_back(scenario);
    out_.notes.push_back(fmt::format("{}: {}", scenario, why));
  }

  const AssemblyInput& input_;
  AssembledSamples out_;
  std::string scenario_;
  std::set<std::string> ended_, seen_;
  std::optional<CountVector> overhead_;
  std::optional<message::Region> open_;
  std::optional<double> ticks_;
};

}  // namespace

Fidelity fidelity_of(Unit unit, Fidelity machine) {
  switch (unit) {
    case Unit::yes_no:
      return Fidelity::exact;
    case Unit::bytes:
    case Unit::count:
    case Unit::ratio:
      return machine == Fidelity::exact ? Fidelity::exact : Fidelity::counted;
    default:
      return machine;
  }
}

Result<AssembledSamples> assemble_samples(const AssemblyInput& input) { return Assembler(input).run(); }

}  // namespace aios
