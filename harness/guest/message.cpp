// SPDX-License-Identifier: Apache-2.0
#include "harness/guest/message.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "harness/support/json.h"

namespace aios {
namespace {

constexpr std::size_t kNameLimit = 200, kTextLimit = 8192, kRunsLimit = 16384;
constexpr std::int64_t kCountLimit = 1'000'000'000'000;
constexpr std::string_view kWhere = "frame";

// Reads fields and remembers the first that was wrong, so that a decoder below is a plain list of fields.
class Fields {
 public:
  explicit Fields(const Json& object) : object_(&object) {}

  std::string name(const char* key) { return text(key, kNameLimit, /*needed=*/true, /*name=*/true); }
  std::string note(const char* key) { return text(key, kTextLimit, /*needed=*/false, /*name=*/false); }
  std::string needed_note(const char* key) { return text(key, kTextLimit, /*needed=*/true, /*name=*/false); }

  std::int64_t whole(const char* key, std::int64_t least, std::int64_t most,
                     std::optional<std::int64_t> fallback = {}) {
    const Json* value = find(key);
    if (value == nullptr && fallback) return *fallback;
    if (value == nullptr || !value->is_number_integer()) return fail(key, "is missing or not a whole number"), 0;
    const bool too_big = value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{INT64_MAX};
    const auto number = too_big ? std::numeric_limits<std::int64_t>::max() : value->get<std::int64_t>();
    if (number < least || number > most) return fail(key, fmt::format("is not between {} and {}", least, most)), 0;
    return number;
  }
  double number(const char* key) {
    const Json* value = find(key);
    if (value == nullptr || !value->is_number()) return fail(key, "is missing or not a number"), 0;
    return finite(key, *value);
  }
  bool boolean(const char* key, std::optional<bool> fallback = {}) {
    const Json* value = find(key);
    if (value == nullptr && fallback) return *fallback;
    if (value == nullptr || !value->is_boolean()) return fail(key, "is missing or not a boolean"), false;
    return value->get<bool>();
  }
  Unit unit(const char* key) {
    auto parsed = parse_unit(name(key));
    if (!parsed.ok()) return fail(key, "is no unit"), Unit::count;
    return *parsed;
  }
  std::vector<RunLength> runs(const char* key) {
    std::vector<RunLength> runs;
    const Json* value = find(key);
    if (value == nullptr) return runs;
    if (!value->is_array() || value->size() > kRunsLimit) return fail(key, "is no list, or too long"), runs;
    runs.reserve(value->size());
    for (const auto& run : *value) {
      if (!run.is_array() || run.size() != 2 || !run[0].is_number() || !run[1].is_number_integer() || run[1] < 1 ||
          run[1] > kCountLimit) {
        return fail(key, "holds something else than [value, times]"), std::vector<RunLength>{};
      }
      runs.push_back({finite(key, run[0]), run[1].get<std::int64_t>()});
    }
    return runs;
  }
  // "size" is a text such as "64B", or a number of bytes.
  std::string size(const char* key) {
    const Json* value = find(key);
    if (value != nullptr && value->is_number_integer()) return std::to_string(whole(key, 0, kCountLimit));
    return text(key, kNameLimit, /*needed=*/false, /*name=*/true);
  }

  void fail(std::string_view key, std::string_view why) {
    if (problem_.empty()) problem_ = fmt::format("key '{}' {}", key, why);
  }
  const std::string& problem() const { return problem_; }

 private:
  const Json* find(const char* key) const {
    const auto found = object_->find(key);
    return found == object_->end() ? nullptr : &*found;
  }
  double finite(const char* key, const Json& value) {
    const double number = value.get<double>();
    if (!std::isfinite(number)) return fail(key, "is not finite"), 0;
    return number;
  }
  // A name goes into tables, file names and metric labels: no blanks, no control characters.
  std::string text(const char* key, std::size_t limit, bool needed, bool name) {
    const Json* value = find(key);
    if (value == nullptr && !needed) return {};
    if (value == nullptr || !value->is_string()) return fail(key, "is missing or not a string"), std::string{};
    const auto& text = value->get_ref<const std::string&>();
    if (text.size() > limit) return fail(key, fmt::format("is longer than {} bytes", limit)), std::string{};
    if (name) {
      if (needed && text.empty()) return fail(key, "is empty"), std::string{};
      for (const unsigned char c : text) {
        if (c <= 0x20 || c >= 0x7f) return fail(key, "holds a character that a name cannot have"), std::string{};
      }
    }
    return text;
  }

  const Json* object_;
  std::string problem_;
};

// Braced initialisers are evaluated in order, so the first wrong field is the one that is named.
Message hello(Fields& f) {
  return message::Hello{static_cast<int>(f.whole("v", 1, 1'000'000)), f.needed_note("kernel"), f.note("cmdline")};
}
Message ready(Fields&) { return message::Ready{}; }
Message begin(Fields& f) { return message::Begin{f.name("scenario")}; }
Message region(Fields& f) {
  return message::Region{f.whole("n", 0, kCountLimit), f.name("name"), f.whole("iterations", 0, kCountLimit),
                         f.size("size")};
}
Message sample(Fields& f) {
  return message::Sample{f.name("metric"), f.unit("unit"),  f.number("value"), f.whole("iterations", 0, kCountLimit, 1),
                         f.runs("values"), f.note("detail")};
}
Message clock(Fields& f) { return message::Clock{f.whole("n", 0, kCountLimit), f.number("ticks")}; }
Message check(Fields& f) {
  return message::Check{f.name("name"), f.boolean("ok"), f.boolean("skipped", false), f.note("detail")};
}
Message end(Fields& f) {
  return message::End{f.name("scenario"), static_cast<int>(f.whole("exit", -255, 255, 0)),
                      static_cast<int>(f.whole("signal", 0, 128, 0)), f.note("detail")};
}
Message log(Fields& f) { return message::Log{f.needed_note("text")}; }
Message done(Fields& f) { return message::Done{f.whole("tainted", 0, std::int64_t{1} << 40, 0)}; }

constexpr std::array<std::pair<std::string_view, Message (*)(Fields&)>, 10> kTypes = {{{"hello", hello},
                                                                                       {"ready", ready},
                                                                                       {"begin", begin},
                                                                                       {"region", region},
                                                                                       {"sample", sample},
                                                                                       {"clock", clock},
                                                                                       {"check", check},
                                                                                       {"end", end},
                                                                                       {"log", log},
                                                                                       {"done", done}}};

}  // namespace

Result<Message> decode_message(std::string_view body) {
  const Json object = TRY(parse_json(body, kWhere));
  if (!object.is_object()) return infra_fault("the guest's message is no JSON object", std::string(kWhere));
  const std::string type = TRY(get_string(object, "t", kWhere));
  for (const auto& [name, decode] : kTypes) {
    if (name != type) continue;
    Fields fields(object);
    Message message = decode(fields);
    if (!fields.problem().empty()) {
      return infra_fault(fmt::format("the guest's message '{}' is wrong: {}", type, fields.problem()),
                         std::string(kWhere));
    }
    return message;
  }
  return infra_fault(fmt::format("the guest sent a message of an unknown type ({} bytes long)", type.size()),
                     std::string(kWhere));
}

}  // namespace aios
