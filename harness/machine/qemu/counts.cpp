// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/qemu/counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/support/files.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr int kSchema = 1;
constexpr std::string_view kHint = "the plugin and this program must come from the same build";

// Reads the fields of one line; the first thing wrong is kept, so that callers check once.
class Line {
 public:
  Line(const Json& object, const std::vector<CountClass>& classes, std::string where)
      : object_(&object), classes_(&classes), where_(std::move(where)) {}

  std::int64_t number(const char* key) {
    const auto at = object_->find(key);
    if (at == object_->end() || !at->is_number_integer()) {
      complain(key, "an integer");
      return 0;
    }
    return at->get<std::int64_t>();
  }

  bool boolean(const char* key) {
    const auto at = object_->find(key);
    if (at != object_->end() && at->is_boolean()) return at->get<bool>();
    complain(key, "true or false");
    return false;
  }

  std::string text(const char* key) {
    const auto at = object_->find(key);
    if (at != object_->end() && at->is_string()) return at->get<std::string>();
    complain(key, "a string");
    return {};
  }

  CountVector vector(const char* key) {
    const auto at = object_->find(key);
    CountVector out;
    if (at == object_->end() || !at->is_array() || at->size() != classes_->size()) {
      complain(key, fmt::format("an array of {} integers", classes_->size()));
      return out;
    }
    for (std::size_t i = 0; i < at->size(); ++i) {
      if (!(*at)[i].is_number_integer()) {
        complain(key, "an array of integers");
        return out;
      }
      out[(*classes_)[i]] = (*at)[i].get<std::int64_t>();
    }
    return out;
  }

  std::optional<CountVector> optional_vector(const char* key) {
    if (!object_->contains(key)) return std::nullopt;
    return vector(key);
  }

  std::vector<IterationRun> runs() {
    std::vector<IterationRun> out;
    const auto at = object_->find("runs");
    if (at == object_->end()) return out;
    for (const Json& run : *at) {
      const auto integer = [](const Json& v) { return v.is_number_integer(); };
      if (!run.is_array() || run.size() != 4 || !std::all_of(run.begin(), run.end(), integer)) {
        complain("runs", "arrays of 4 integers");
        return out;
      }
      out.push_back({.count = run[0].get<std::int64_t>(),
                     .instructions = run[1].get<std::int64_t>(),
                     .rep_iterations = run[2].get<std::int64_t>(),
                     .interrupted = run[3].get<std::int64_t>() != 0});
    }
    return out;
  }

  const std::optional<Error>& wrong() const { return wrong_; }

 private:
  void complain(const char* key, std::string_view expected) {
    if (!wrong_) {
      wrong_ = infra_fault(fmt::format("the count file's `{}` is not {}", key, expected), where_, std::string(kHint));
    }
  }

  const Json* object_;
  const std::vector<CountClass>* classes_;
  std::string where_;
  std::optional<Error> wrong_;
};

Result<std::vector<CountClass>> parse_header(const Json& header, const std::string& where) {
  if (string_or(header, "type") != "header" || number_or(header, "schema", 0) != kSchema) {
    return infra_fault(fmt::format("not a count file of schema {}", kSchema), where, std::string(kHint));
  }
  std::vector<CountClass> classes;
  const auto names = header.find("classes");
  if (names == header.end() || !names->is_array()) return infra_fault("the count file names no classes", where);
  for (const Json& name : *names) {
    const auto known = name.is_string() ? parse_count_class(name.get<std::string>()) : std::nullopt;
    if (!known) {
      return infra_fault("the count file has a class that is not known: " + dump_json(name), where, std::string(kHint));
    }
    classes.push_back(*known);
  }
  return classes;
}

RegionCounts parse_region(Line& line) {
  return {.number = line.number("number"),
          .tag = static_cast<std::uint32_t>(line.number("tag")),
          .complete = line.boolean("complete"),
          .iterations = line.number("iterations"),
          .kept = line.number("kept"),
          .truncated = line.boolean("truncated"),
          .begin = line.vector("begin"),
          .total = line.vector("total"),
          .sum = line.vector("sum"),
          .median = line.optional_vector("median"),
          .min = line.optional_vector("min"),
          .max = line.optional_vector("max"),
          .quiet_median = line.optional_vector("quiet_median"),
          .quiet_sum = line.optional_vector("quiet_sum"),
          .runs = line.runs()};
}

CountsEnd parse_end(const Json& object, Line& line) {
  CountsEnd end{.total = line.vector("total"),
                .regions = line.number("regions"),
                .points = line.number("points"),
                .watches = line.number("watches"),
                .dropped_lines = line.number("dropped_lines")};
  const auto errors = object.find("mark_errors");
  if (errors == object.end() || !errors->is_object()) return end;
  for (const auto& [name, count] : errors->items()) {
    if (count.is_number_integer() && count.get<std::int64_t>() != 0) end.mark_errors[name] = count.get<std::int64_t>();
  }
  return end;
}

Status parse_line(const Json& object, std::string where, GuestCounts& out) {
  Line line(object, out.classes, std::move(where));
  const std::string type = line.text("type");
  if (type == "region") {
    RegionCounts region = parse_region(line);
    if (region.kept > 0) {
      region.quiet_rule = line.text("quiet_rule");
      region.quiet_value = line.number("quiet_value");
      region.quiet_iterations = line.number("quiet_iterations");
      region.interrupted_iterations = line.number("interrupted_iterations");
    }
    out.regions.push_back(std::move(region));
  } else if (type == "point") {
    out.points.push_back({.id = static_cast<int>(line.number("id")), .at = line.vector("at")});
  } else if (type == "watch") {
    out.watched.push_back({.name = line.text("name"),
                           .address = std::strtoull(line.text("address").c_str(), nullptr, 16),
                           .at = line.vector("at")});
  } else if (type == "end") {
    out.end = parse_end(object, line);
  }
  if (line.wrong()) return *line.wrong();
  return {};
}

}  // namespace

const CountedPoint* GuestCounts::find_point(int id) const {
  const auto at = std::find_if(points.begin(), points.end(), [id](const CountedPoint& p) { return p.id == id; });
  return at == points.end() ? nullptr : &*at;
}

const RegionCounts* GuestCounts::find_region(std::uint32_t tag) const {
  const auto at = std::find_if(regions.begin(), regions.end(), [tag](const RegionCounts& r) { return r.tag == tag; });
  return at == regions.end() ? nullptr : &*at;
}

Result<GuestCounts> parse_counts(std::string_view text, std::string_view where) {
  GuestCounts out;
  int number = 0;
  // A line without its newline was being written when QEMU was killed.
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    std::string place = fmt::format("{}:{}", where, ++number);
    const Json object = TRY(parse_json(text.substr(0, end), place));
    text.remove_prefix(end + 1);
    if (number == 1) {
      out.classes = TRY(parse_header(object, place));
    } else {
      TRY(parse_line(object, std::move(place), out));
    }
  }
  if (number == 0) {
    return infra_fault("the count file is empty", std::string(where), "did QEMU start, and load the counting plugin?");
  }
  return out;
}

Result<GuestCounts> read_counts(const std::filesystem::path& path) {
  return parse_counts(TRY(read_file(path)), path.string());
}

}  // namespace aios
