// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/target_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "harness/support/text.h"

namespace aios {
namespace {

struct UnitWord {
  std::string_view word;
  Unit unit;
  double factor;
};

constexpr std::array kUnitWords = {UnitWord{"s", Unit::nanoseconds, 1e9},
                                   UnitWord{"ms", Unit::nanoseconds, 1e6},
                                   UnitWord{"us", Unit::nanoseconds, 1e3},
                                   UnitWord{"ns", Unit::nanoseconds, 1},
                                   UnitWord{"B", Unit::bytes, 1},
                                   UnitWord{"KB", Unit::bytes, 1e3},
                                   UnitWord{"MB", Unit::bytes, 1e6},
                                   UnitWord{"GB", Unit::bytes, 1e9},
                                   UnitWord{"KiB", Unit::bytes, 1024},
                                   UnitWord{"MiB", Unit::bytes, 1024.0 * 1024},
                                   UnitWord{"instructions", Unit::instructions, 1},
                                   UnitWord{"cycles", Unit::cycles, 1},
                                   UnitWord{"x", Unit::ratio, 1},
                                   UnitWord{"%", Unit::ratio, 0.01}};

constexpr std::string_view kGrammar = "METRIC < NUMBER UNIT (also <=, >=), or METRIC is yes";

Result<Relation> parse_relation(std::string_view word) {
  if (word == "<") return Relation::less_than;
  if (word == "<=") return Relation::at_most;
  if (word == ">=") return Relation::at_least;
  return config_error(fmt::format("'{}' is no relation", word), {}, std::string(kGrammar));
}

Result<UnitWord> parse_unit_word(std::string_view word) {
  std::vector<std::string> known;
  for (const auto& entry : kUnitWords) {
    if (entry.word == word) return entry;
    known.emplace_back(entry.word);
  }
  return config_error(fmt::format("'{}' is no unit of a target{}", word, did_you_mean(word, known)), {},
                      "one of: " + join(known, ", "));
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  const std::vector<std::string> words = split_words(text);
  if (words.size() < 3 || words.size() > 4 || words[0].find('.') == std::string::npos) {
    return config_error(fmt::format("'{}' is no target", text), {}, std::string(kGrammar));
  }
  Target target;
  target.metric = words[0];
  if (words[1] == "is") {
    if (words.size() != 3 || words[2] != "yes") {
      return config_error(fmt::format("'{}' is no target", text), {}, std::string(kGrammar));
    }
    target.relation = Relation::equals_yes;
    target.value = 1;
    target.unit = Unit::yes_no;
    return target;
  }
  target.relation = TRY(parse_relation(words[1]));
  const std::string& number = words[2];
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), target.value);
  if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(target.value)) {
    return config_error(fmt::format("'{}' is no number", number), {}, std::string(kGrammar));
  }
  if (words.size() == 4) {
    const UnitWord unit = TRY(parse_unit_word(words[3]));
    target.unit = unit.unit;
    target.value *= unit.factor;
  }
  return target;
}

}  // namespace aios
