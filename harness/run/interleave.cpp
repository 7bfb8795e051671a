// SPDX-License-Identifier: Apache-2.0
#include "harness/run/interleave.h"

#include <fmt/format.h>

#include <optional>

#include "harness/run/boot_scratch.h"
#include "harness/run/executor.h"
#include "harness/run/guest_media.h"
#include "harness/run/kernel_symbols.h"
#include "harness/stats/random.h"

namespace aios {
namespace {

Status check_alike(const Plan& first, const Plan& second) {
  const auto differs = [&](std::string_view what) {
    return config_error(fmt::format("the two sides cannot be measured in turn: {}", what), second.name,
                        "measure the same scenarios on the same machine on both sides");
  };
  if (first.machine.name != second.machine.name) return differs("their machines differ");
  if (first.boots.size() != second.boots.size()) return differs("they have not the same boots");
  for (std::size_t i = 0; i < first.boots.size(); ++i) {
    const PlannedBoot& a = first.boots[i];
    const PlannedBoot& b = second.boots[i];
    if (a.scenario != b.scenario || a.repeat != b.repeat || a.perturbation != b.perturbation || a.index != b.index) {
      return differs(fmt::format("boot {} is '{}' on the one and '{}' on the other", i, a.scenario, b.scenario));
    }
  }
  return {};
}

// One side while both are under way. Nothing in it may move: its executor holds on to the rest.
class Lane {
 public:
  explicit Lane(const InterleavedSide& side) : side_(side), env_(side.env), media_(*side.kernel, side.env.guest) {
    if (env_.make_initramfs) return;
    env_.make_initramfs = [this](const Plan& p, const PlannedBoot& b, const fs::path& out) {
      return media_.make(p, b, out);
    };
  }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  Status begin() {
    RunRecord head = TRY(head_of_run(*side_.plan, *side_.kernel, env_));
    std::vector<BootSymbol> symbols = TRY(kernel_symbols(*side_.plan, *side_.kernel));
    writer_.emplace(TRY(RunWriter::begin(std::move(head), *side_.plan, *side_.request, env_)));
    executor_.emplace(*side_.plan, *side_.kernel, env_, std::move(symbols), *writer_);
    return {};
  }
  Status boot(std::size_t index) { return executor_->run_one(side_.plan->boots[index]); }
  bool stopped() const { return executor_->stopped(); }
  const RunRecord& run() const { return writer_->run(); }
  void note(const std::string& key, const std::string& value) { writer_->note(key, value); }
  Result<RunRecord> seal() { return seal_run(*writer_, *side_.plan, executor_->outcome()); }
  std::optional<Error> leave(const Error& error) {
    if (!writer_) return std::nullopt;
    return leave_run(*writer_, error);
  }

 private:
  const InterleavedSide& side_;
  RunEnv env_;
  GuestMedia media_;
  std::optional<RunWriter> writer_;
  std::optional<Executor> executor_;
};

Status begin_both(Lane& first, Lane& second, const Interleaving& how) {
  TRY(first.begin());
  TRY(second.begin());
  first.note("interleaved_with", second.run().provenance.run);
  second.note("interleaved_with", first.run().provenance.run);
  for (Lane* lane : {&first, &second}) lane->note("block_seed", std::to_string(how.seed));
  return {};
}

Status all_blocks(const Plan& plan, const Interleaving& how, Lane& first, Lane& second, InterleavedRuns& out) {
  for (std::size_t i = 0; i < plan.boots.size(); ++i) {
    const bool turned = second_goes_first(how.seed, static_cast<int>(i));
    TRY((turned ? second : first).boot(i));
    if (first.stopped() || second.stopped()) return {};
    TRY((turned ? first : second).boot(i));
    out.order += turned ? "BA" : "AB";
    for (Lane* lane : {&first, &second}) lane->note("block_order", out.order);
    if (first.stopped() || second.stopped()) return {};
    const bool block_ends = i + 1 == plan.boots.size() || plan.boots[i + 1].repeat != plan.boots[i].repeat;
    if (!block_ends) continue;
    ++out.blocks;
    if (how.enough && how.enough(first.run(), second.run(), out.blocks)) return {};
  }
  return {};
}

}  // namespace

bool second_goes_first(std::uint64_t seed, int boot) {
  stats::Random random(seed + static_cast<std::uint64_t>(boot) * 0x632be59bd9b4e019ULL);
  return (random.next() >> 63U) != 0;
}

Result<InterleavedRuns> execute_interleaved(const InterleavedSide& first, const InterleavedSide& second,
                                            const Interleaving& how) {
  TRY(check_alike(*first.plan, *second.plan));
  std::error_code code;
  sweep_boot_scratch(fs::temp_directory_path(code));
  Lane a(first);
  Lane b(second);
  InterleavedRuns out;
  Status went = begin_both(a, b, how);
  if (went.ok()) went = all_blocks(*first.plan, how, a, b, out);
  if (!went.ok()) {
    Error error = std::move(went).error();
    const auto left_b = b.leave(error);
    const auto left_a = a.leave(error);
    return left_a ? *left_a : left_b ? *left_b : error;
  }
  for (Lane* lane : {&a, &b}) lane->note("blocks", std::to_string(out.blocks));
  out.first = TRY(a.seal());
  out.second = TRY(b.seal());
  return out;
}

}  // namespace aios
