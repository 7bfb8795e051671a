// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/profile_counts.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

#include "harness/model/json_fields.h"

namespace aios {
namespace {

constexpr int kProfileSchema = 2;
constexpr const char* kSameBuild = "the plugin and this program must come from the same build";

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  return std::nullopt;
}

Error broken(const std::string& where, std::string what) { return infra_fault(std::move(what), where, kSameBuild); }

// The rows of a text, "1 2 40 4;1 3 50 0": a text, since millions of small arrays would cost more than the boot.
class Rows {
 public:
  explicit Rows(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool done() const { return at_ == end_; }
  // False: what stands there is not so many numbers with what is between them.
  template <std::size_t N>
  bool row(std::array<std::uint64_t, N>& out, bool more = false) {
    for (std::size_t i = 0; i < N; ++i) {
      const auto [rest, error] = std::from_chars(at_, end_, out[i]);
      if (error != std::errc()) return false;
      at_ = rest;
      if (!between(i + 1 < N || more)) return false;
    }
    return true;
  }
  bool word(std::string_view& out, bool more) {
    const char* const from = at_;
    while (at_ != end_ && *at_ != ' ' && *at_ != ';') ++at_;
    out = std::string_view(from, static_cast<std::size_t>(at_ - from));
    return between(more);
  }

 private:
  bool between(bool more) {
    if (at_ == end_) return !more;
    return *at_++ == (more ? ' ' : ';');
  }
  const char* at_;
  const char* end_;
};

bool fits(std::uint64_t id) { return id <= std::numeric_limits<int>::max(); }

Status read_blocks(std::string_view text, const std::string& where, RawProfile& out) {
  for (Rows rows(text); !rows.done();) {
    std::array<std::uint64_t, 2> numbers{};
    std::string_view sizes, code;
    if (!rows.row(numbers, true) || !rows.word(sizes, true) || !rows.word(code, false) || !fits(numbers[0])) {
      return broken(where, "the profile has a block that is not number, address, sizes and code");
    }
    RawBlock block;
    block.address = numbers[1];
    std::size_t bytes = 0;
    for (const char c : sizes) {
      const auto size = hex_digit(c);
      if (!size) return broken(where, "the profile's block has no sizes");
      block.sizes.push_back(static_cast<std::uint8_t>(*size));
      bytes += *size;
    }
    block.code.reserve(bytes);
    for (std::size_t i = 0; i + 1 < code.size(); i += 2) {
      const auto high = hex_digit(code[i]);
      const auto low = hex_digit(code[i + 1]);
      if (high && low) block.code += static_cast<char>(*high << 4 | *low);
    }
    if (block.code.size() != bytes) return broken(where, "the profile's block is not as long as it says");
    out.blocks.insert_or_assign(static_cast<int>(numbers[0]), std::move(block));
  }
  return {};
}

Status known(const RawProfile& profile, std::uint64_t context, std::uint64_t block, const std::string& where) {
  if (!fits(context) || !fits(block)) return broken(where, "the profile has a number that is too large");
  const bool has_block = block == 0 || profile.blocks.contains(static_cast<int>(block));
  const bool has_context = context == 0 || profile.contexts.contains(static_cast<int>(context));
  if (has_block && has_context) return {};
  return broken(where, "the profile speaks of a block or a caller that it has not named");
}

Status read_contexts(std::string_view text, const std::string& where, RawProfile& out) {
  for (Rows rows(text); !rows.done();) {
    std::array<std::uint64_t, 5> row{};
    constexpr auto kLast = static_cast<std::uint64_t>(EnteredBy::unknown);
    if (!rows.row(row) || !fits(row[0]) || row[4] > kLast) {
      return broken(where, "the profile has a caller that is not five numbers");
    }
    const auto& [id, parent, entry, site, how] = row;
    // A parent is always older: whoever follows parents comes to an end.
    if (parent >= id) return broken(where, "the profile's callers go round in a circle");
    TRY(known(out, parent, 0, where));
    out.contexts.insert_or_assign(
        static_cast<int>(id),
        RawContext{
            .parent = static_cast<int>(parent), .entry = entry, .site = site, .how = static_cast<EnteredBy>(how)});
  }
  return {};
}

Result<RawRegion> read_region(JsonFields& fields, const std::string& where, const RawProfile& profile) {
  RawRegion region{.number = fields.integer("number"),
                   .tag = static_cast<std::uint32_t>(fields.integer("tag")),
                   .typical_iterations = fields.integer("typical_iterations"),
                   .other_iterations = fields.integer("other_iterations"),
                   .costs = {}};
  const std::string text = fields.text("entries");
  for (Rows rows(text); !rows.done();) {
    std::array<std::uint64_t, 4> row{};
    if (!rows.row(row)) return broken(where, "the profile has a row that is not 4 numbers");
    const auto& [context, block, typical, other] = row;
    TRY(known(profile, context, block, where));
    region.costs.push_back({static_cast<int>(context), static_cast<int>(block), static_cast<std::int64_t>(typical),
                            static_cast<std::int64_t>(other)});
  }
  return region;
}

Result<RawSpan> read_span(JsonFields& fields, const std::string& where, const RawProfile& profile) {
  RawSpan span{.point = fields.small_or("point", 0), .blocks = {}};
  const std::string text = fields.text("entries");
  for (Rows rows(text); !rows.done();) {
    std::array<std::uint64_t, 2> row{};
    if (!rows.row(row)) return broken(where, "the profile has a row that is not 2 numbers");
    TRY(known(profile, 0, row[0], where));
    span.blocks.emplace_back(static_cast<int>(row[0]), static_cast<std::int64_t>(row[1]));
  }
  return span;
}

Status read_profile_line(const Json& object, const std::string& where, RawProfile& out) {
  JsonFields fields(object, where);
  const std::string type = fields.text("type");
  if (type == "blocks") {
    TRY(read_blocks(fields.text("rows"), where, out));
  } else if (type == "contexts") {
    TRY(read_contexts(fields.text("rows"), where, out));
  } else if (type == "region") {
    out.regions.push_back(TRY(read_region(fields, where, out)));
  } else if (type == "span") {
    out.spans.push_back(TRY(read_span(fields, where, out)));
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
