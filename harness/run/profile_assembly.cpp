// SPDX-License-Identifier: Apache-2.0
#include "harness/run/profile_assembly.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>

#include "harness/run/boot_timeline.h"

namespace aios {
namespace {

struct Share {
  int function = 0;
  std::int64_t parts = 0;  // of the block's instructions
};

// What each node of the tree cost, by its number.
class NodeCosts {
 public:
  ProfileCost& of(int node) {
    const auto at = static_cast<std::size_t>(node);
    if (at >= costs_.size()) costs_.resize(std::max(at + 1, costs_.size() * 2), kUntouched);
    costs_[at].node = node;
    return costs_[at];
  }
  std::vector<ProfileCost> touched() const {
    std::vector<ProfileCost> out;
    for (std::size_t i = 0; i < costs_.size(); ++i) {
      if (costs_[i].node == static_cast<int>(i)) out.push_back(costs_[i]);
    }
    return out;
  }

 private:
  static constexpr ProfileCost kUntouched{.node = -1, .typical = 0, .other = 0};
  std::vector<ProfileCost> costs_;
};

class ProfileAssembler {
 public:
  explicit ProfileAssembler(const ProfileInput& input) : input_(input) {}

  Result<Profile> run() {
    out_.scenario = input_.scenario;
    out_.boot = input_.boot;
    out_.notes = input_.names->notes();
    if (input_.raw->lost_calls > 0) {
      out_.notes.push_back(
          fmt::format("{} calls were too deep or too many to be told apart: what they did stands "
                      "under their callers",
                      input_.raw->lost_calls));
    }
    TRY(regions());
    TRY(spans());
    return std::move(out_);
  }

 private:
  Status regions() {
    for (const Message& message : *input_.messages) {
      const auto* named = std::get_if<message::Region>(&message);
      if (named == nullptr) continue;
      const RawRegion* raw = nullptr;
      for (const RawRegion& candidate : input_.raw->regions) {
        if (candidate.number == named->number) raw = &candidate;
      }
      const RegionCounts* counted = nullptr;
      for (const RegionCounts& candidate : input_.counts->regions) {
        if (candidate.number == named->number) counted = &candidate;
      }
      if (counted == nullptr) continue;
      if (raw == nullptr) {
        out_.notes.push_back(fmt::format("{}: there was no room for its profile", named->name));
        continue;
      }
      TRY(region(*raw, *counted, named->name));
    }
    return {};
  }

  Status region(const RawRegion& raw, const RegionCounts& counted, const std::string& name) {
    NodeCosts costs;
    std::int64_t typical = 0, all = 0;
    for (const RawCost& cost : raw.costs) {
      typical += cost.typical;
      all += cost.typical + cost.other;
      add(cost, costs);
    }
    if (all != counted.sum.instructions()) {
      return infra_fault(
          fmt::format("{}: the profile has {} instructions, the region {}", name, all, counted.sum.instructions()),
          "profile");
    }
    const auto& like = counted.quiet_median ? counted.quiet_median : counted.median;
    if (raw.typical_iterations > 0 && like && typical != raw.typical_iterations * like->instructions()) {
      return infra_fault(fmt::format("{}: the profile of {} typical iterations has {} instructions, not {} each", name,
                                     raw.typical_iterations, typical, like->instructions()),
                         "profile");
    }
    keep({.metric = name,
          .typical_iterations = raw.typical_iterations,
          .other_iterations = raw.other_iterations,
          .callers = true,
          .costs = {}},
         costs);
    return {};
  }

  // From power-on to the points of a boot, each with all that came before it.
  Status spans() {
    NodeCosts costs;
    std::int64_t sum = 0;
    for (const RawSpan& span : input_.raw->spans) {
      for (const auto& [block, instructions] : span.blocks) {
        sum += instructions;
        add({.context = 0, .block = block, .typical = instructions, .other = 0}, costs);
      }
      const char* metric = span.point == kPointInit ? "boot.to_init" : span.point == kPointReady ? "boot.to_ready" : "";
      const CountedPoint* point = input_.counts->find_point(span.point);
      if (*metric == '\0' || point == nullptr || out_.span(metric) != nullptr) continue;
      if (sum != point->at.instructions()) {
        return infra_fault(
            fmt::format("{}: the profile has {} instructions, not {}", metric, sum, point->at.instructions()),
            "profile");
      }
      keep({.metric = metric, .typical_iterations = 1, .other_iterations = 0, .callers = false, .costs = {}}, costs);
    }
    return {};
  }

  void keep(ProfileSpan span, const NodeCosts& costs) {
    span.costs = costs.touched();
    out_.spans.push_back(std::move(span));
  }

  // What a block cost goes to the function that it lies in; where another one begins inside it, to both, by how many
  // instructions each has. That needs that it always ran to its end; otherwise the first one has it all.
  void add(const RawCost& cost, NodeCosts& costs) {
    const std::vector<Share>& shares = shares_of(cost.block);
    std::int64_t parts = 0;
    for (const Share& share : shares) parts += share.parts;
    const bool whole = parts > 0 && cost.typical % parts == 0 && cost.other % parts == 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!whole && i > 0) break;
      const int node = node_of(cost.context, shares[i].function);
      ProfileCost& into = costs.of(node);
      into.typical += whole ? cost.typical / parts * shares[i].parts : cost.typical;
      into.other += whole ? cost.other / parts * shares[i].parts : cost.other;
    }
  }

  const std::vector<Share>& shares_of(int block) {
    const auto known = shares_.find(block);
    if (known != shares_.end()) return known->second;
    std::vector<Share> shares;
    const auto found = input_.raw->blocks.find(block);
    if (found == input_.raw->blocks.end()) {
      shares.push_back({function(input_.names->at(0, {})), 1});
      return shares_[block] = std::move(shares);
    }
    const RawBlock& raw = found->second;
    std::uint64_t at = raw.address;
    std::uint64_t boundary = 0;
    const std::uint64_t end = raw.address + raw.code.size();
    std::size_t offset = 0;
    for (const std::uint8_t size : raw.sizes) {
      if (shares.empty() || (boundary != 0 && at >= boundary)) {
        shares.push_back({function(input_.names->at(at, std::string_view(raw.code).substr(offset))), 0});
        boundary = input_.names->boundary(at, end);
      }
      ++shares.back().parts;
      at += size;
      offset += size;
    }
    return shares_[block] = std::move(shares);
  }

  int function(const ProfiledFunction& named) {
    const auto key = std::make_pair(named.image + "\n" + named.name, named.address);
    const auto [found, fresh] = functions_.try_emplace(key, static_cast<int>(out_.functions.size()));
    if (fresh) out_.functions.push_back(named);
    return found->second;
  }

  int function_at(std::uint64_t address) {
    const auto known = entries_.find(address);
    if (known != entries_.end()) return known->second;
    return entries_[address] = function(input_.names->at(address, code_at(address)));
  }

  // A program is told by its code: that of any block there.
  std::string_view code_at(std::uint64_t address) {
    if (by_address_.empty()) {
      for (const auto& [id, block] : input_.raw->blocks) by_address_.emplace_back(block.address, id);
      std::sort(by_address_.begin(), by_address_.end());
    }
    constexpr int kOverlapping = 8;  // blocks that begin before it and do not reach it
    auto at =
        std::upper_bound(by_address_.begin(), by_address_.end(), std::pair(address, std::numeric_limits<int>::max()));
    for (int i = 0; i < kOverlapping && at != by_address_.begin(); ++i) {
      const RawBlock& block = input_.raw->blocks.at((--at)->second);
      if (address - block.address < block.code.size()) {
        return std::string_view(block.code).substr(address - block.address);
      }
    }
    return {};
  }

  int child(int parent, int function, bool unknown = false) {
    const auto key = static_cast<std::uint64_t>(parent + 1) << 32 | static_cast<std::uint64_t>(function) << 1 |
                     static_cast<std::uint64_t>(unknown);
    const auto [found, fresh] = nodes_.try_emplace(key, static_cast<int>(out_.nodes.size()));
    if (fresh) out_.nodes.push_back({parent, function, unknown});
    return found->second;
  }

  // The stack that a context stands for. A function that was jumped to from the one that was called (a tail call, an
  // alternative entry) stands under it.
  int stack_of(int context) {
    const auto known = stacks_.find(context);
    if (known != stacks_.end()) return known->second;
    const RawContext& raw = input_.raw->contexts.at(context);
    int node = -1;
    const int own = function_at(raw.entry);
    if (raw.parent != 0) {
      node = stack_of(raw.parent);
      if (raw.site != 0) node = below(node, function_at(raw.site));
      node = child(node, own);
    } else {
      node = child(-1, own, raw.how == EnteredBy::unknown);
    }
    return stacks_[context] = node;
  }

  int below(int node, int function) {
    return out_.nodes[static_cast<std::size_t>(node)].function == function ? node : child(node, function);
  }

  int node_of(int context, int function) {
    return context == 0 ? child(-1, function) : below(stack_of(context), function);
  }

  const ProfileInput& input_;
  Profile out_;
  std::unordered_map<int, std::vector<Share>> shares_;
  std::map<std::pair<std::string, std::uint64_t>, int> functions_;
  std::unordered_map<std::uint64_t, int> entries_;
  std::vector<std::pair<std::uint64_t, int>> by_address_;  // blocks
  std::unordered_map<std::uint64_t, int> nodes_;           // by parent, function and whether it is sure
  std::unordered_map<int, int> stacks_;
};

}  // namespace

Result<Profile> assemble_profile(const ProfileInput& input) { return ProfileAssembler(input).run(); }

}  // namespace aios
