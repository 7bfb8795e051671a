// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/profile_counts.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <functional>

#include "harness/model/json_fields.h"

namespace aios {
namespace {

constexpr int kProfileSchema = 1;
constexpr const char* kSameBuild = "the plugin and this program must come from the same build";

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

std::uint64_t address_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::uint64_t>() : 0;
}

Result<RawBlock> read_block(const Json& object, JsonFields& fields, const std::string& where) {
  RawBlock block;
  block.address = address_of(object, "address");
  std::size_t bytes = 0;
  for (const char c : fields.text("sizes")) {
    const auto size = hex_digit(c);
    if (!size) return infra_fault("the profile's block has no sizes", where, kSameBuild);
    block.sizes.push_back(static_cast<std::uint8_t>(*size));
    bytes += *size;
  }
  const std::string code = fields.text("code");
  for (std::size_t i = 0; i + 1 < code.size(); i += 2) {
    const auto high = hex_digit(code[i]);
    const auto low = hex_digit(code[i + 1]);
    if (high && low) block.code += static_cast<char>(*high << 4 | *low);
  }
  if (block.code.size() != bytes)
    return infra_fault("the profile's block is not as long as it says", where, kSameBuild);
  return block;
}

EnteredBy entered_by(const std::string& how) {
  if (how == "call") return EnteredBy::call;
  if (how == "syscall") return EnteredBy::syscall;
  if (how == "interrupt") return EnteredBy::interrupt;
  return how == "root" ? EnteredBy::root : EnteredBy::unknown;
}

// "1 2 40 4;1 3 50 0": a text, since millions of small arrays would cost more than the boot.
template <std::size_t N>
Status each_row(std::string_view text, const std::string& where,
                const std::function<Status(const std::array<std::int64_t, N>&)>& take) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    std::array<std::int64_t, N> row{};
    for (std::size_t i = 0; i < N; ++i) {
      const auto [rest, error] = std::from_chars(at, end, row[i]);
      const bool last = i + 1 == N;
      const bool goes_on = rest != end && *rest == (last ? ';' : ' ');
      if (error != std::errc() || (!goes_on && !(last && rest == end))) {
        return infra_fault(fmt::format("the profile has a row that is not {} numbers", N), where, kSameBuild);
      }
      at = goes_on ? rest + 1 : rest;
    }
    TRY(take(row));
  }
  return {};
}

Status known(const RawProfile& profile, std::int64_t context, std::int64_t block, const std::string& where) {
  const bool has_block = block == 0 || profile.blocks.contains(static_cast<int>(block));
  const bool has_context = context == 0 || profile.contexts.contains(static_cast<int>(context));
  if (has_block && has_context) return {};
  return infra_fault("the profile speaks of a block or a caller that it has not named", where, kSameBuild);
}

Status read_profile_line(const Json& object, const std::string& where, RawProfile& out) {
  JsonFields fields(object, where);
  const std::string type = fields.text("type");
  if (type == "block") {
    out.blocks[fields.small_or("id", 0)] = TRY(read_block(object, fields, where));
  } else if (type == "context") {
    RawContext context{.parent = fields.small_or("parent", 0),
                       .entry = address_of(object, "entry"),
                       .site = address_of(object, "site"),
                       .how = entered_by(fields.text("how"))};
    const int id = fields.small_or("id", 0);
    // A parent is always older: whoever follows parents comes to an end.
    if (context.parent >= id) return infra_fault("the profile's callers go round in a circle", where, kSameBuild);
    TRY(known(out, context.parent, 0, where));
    out.contexts[id] = context;
  } else if (type == "region") {
    RawRegion region{.number = fields.integer("number"),
                     .tag = static_cast<std::uint32_t>(fields.integer("tag")),
                     .typical_iterations = fields.integer("typical_iterations"),
                     .other_iterations = fields.integer("other_iterations"),
                     .costs = {}};
    TRY(each_row<4>(fields.text("entries"), where, [&](const std::array<std::int64_t, 4>& row) -> Status {
      const auto& [context, block, typical, other] = row;
      TRY(known(out, context, block, where));
      region.costs.push_back({static_cast<int>(context), static_cast<int>(block), typical, other});
      return {};
    }));
    out.regions.push_back(std::move(region));
  } else if (type == "span") {
    RawSpan span{.point = fields.small_or("point", 0), .blocks = {}};
    TRY(each_row<2>(fields.text("entries"), where, [&](const std::array<std::int64_t, 2>& row) -> Status {
      const auto& [block, count] = row;
      TRY(known(out, 0, block, where));
      span.blocks.emplace_back(static_cast<int>(block), count);
      return {};
    }));
    out.spans.push_back(std::move(span));
  } else if (type == "end") {
    out.lost_calls = fields.integer("lost_calls");
    out.dropped_lines = fields.integer("dropped_lines");
  }
  return fields.status();
}

}  // namespace

Result<RawProfile> parse_profile_counts(std::string_view text, std::string_view where) {
  RawProfile out;
  int number = 0;
  // A line without its newline was being written when QEMU was killed.
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    const std::string place = fmt::format("{}:{}", where, ++number);
    const Json object = TRY(parse_json(text.substr(0, end), place));
    text.remove_prefix(end + 1);
    if (number > 1) {
      TRY(read_profile_line(object, place, out));
    } else if (string_or(object, "type") != "header" || number_or(object, "schema", 0) != kProfileSchema) {
      return infra_fault(fmt::format("not a profile of schema {}", kProfileSchema), place, kSameBuild);
    }
  }
  if (number == 0) return infra_fault("the profile is empty", std::string(where), "did QEMU load the counting plugin?");
  return out;
}

}  // namespace aios
