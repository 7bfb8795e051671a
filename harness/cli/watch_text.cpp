// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/watch_text.h"

#include <fmt/format.h>

#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kNamesShown = 4;

bool has_moved(Change change) { return change != Change::same && change != Change::not_compared; }

Tone tone_of_change(Change change) {
  if (change == Change::worse) return Tone::bad;
  if (change == Change::better) return Tone::good;
  return change == Change::same ? Tone::plain : Tone::warn;
}

const ComparisonRow* row_of(const std::optional<Comparison>& comparison, const std::string& metric, Unit unit) {
  if (!comparison) return nullptr;
  for (const ComparisonRow& row : comparison->rows) {
    if (row.metric == metric && row.unit == unit) return &row;
  }
  return nullptr;
}

std::string difference_text(const ComparisonRow* row) {
  if (row == nullptr || !row->difference || !row->first) return "";
  if (*row->difference == 0) return "=";
  const std::string amount = format_value(std::abs(*row->difference), row->unit);
  const std::string share =
      *row->first == 0 ? "" : fmt::format(" ({:+.2f} %)", 100 * *row->difference / std::abs(*row->first));
  return fmt::format("{}{}{}", *row->difference < 0 ? "-" : "+", amount, share);
}

std::string saved_text(const SavedFiles& saved) {
  std::vector<std::string> shown(saved.names.begin(),
                                 saved.names.begin() + static_cast<long>(std::min(kNamesShown, saved.names.size())));
  std::string text = join(shown, ", ");
  if (saved.names.size() > kNamesShown) text += fmt::format(" and {} more", saved.names.size() - kNamesShown);
  return text;
}

std::string head_line(const WatchRound& round) {
  const std::string what = round.number == 0 ? "to begin with" : "saved " + saved_text(round.saved);
  return fmt::format("#{} {}: {:.1f} s", round.number, what, round.seconds);
}

}  // namespace

std::string render_watch_round(const WatchRound& round, const TextStyle& style) {
  std::string out = "\n" + toned(head_line(round), Tone::strong, style) + "\n";
  if (round.failure) {
    for (const auto& line : split(round.failure->describe(), '\n')) out += "  " + toned(line, Tone::bad, style) + "\n";
    return out;
  }
  if (round.baseline) {
    return out +
           toned(fmt::format("  the baseline: {} sample{}, run {}", round.run->samples.size(),
                             round.run->samples.size() == 1 ? "" : "s", round.run->provenance.run),
                 Tone::plain, style) +
           "\n";
  }
  TextTable table({{.title = "metric", .flexible = true, .least = 24},
                   {.title = "baseline", .right = true},
                   {.title = "now", .right = true},
                   {.title = "to the baseline", .right = true},
                   {.title = "to the last", .right = true},
                   {.title = "verdict"}});
  std::size_t still = 0;
  for (const ComparisonRow& row : round.to_baseline->rows) {
    const ComparisonRow* last = row_of(round.to_last, row.metric, row.unit);
    if (!has_moved(row.change) && (last == nullptr || !has_moved(last->change))) {
      ++still;
      continue;
    }
    table.row({{row.metric},
               {row.first ? format_value(*row.first, row.unit) : ""},
               {row.second ? format_value(*row.second, row.unit) : "", Tone::strong},
               {difference_text(&row), tone_of_change(row.change)},
               {difference_text(last), Tone::dim},
               {std::string(to_string(row.change)), tone_of_change(row.change)}});
  }
  if (!round.to_baseline->comparable) out += toned("  " + round.to_baseline->reason, Tone::warn, style) + "\n";
  if (table.empty()) return out + fmt::format("  nothing moved: {} metrics as before\n", still);
  out += table.render(style);
  if (still > 0) out += toned(fmt::format("{} metrics as before", still), Tone::dim, style) + "\n";
  return out;
}

std::string watch_round_to_json(const WatchRound& round) {
  OrderedJson out{{"round", round.number}, {"saved", round.saved.names}, {"seconds", round.seconds}};
  if (round.failure) {
    out["failure"] = {{"kind", to_string(round.failure->kind)},
                      {"what", round.failure->what},
                      {"where", round.failure->where},
                      {"hint", round.failure->hint}};
    return dump_json(out);
  }
  out["run"] = round.run->provenance.run;
  out["baseline"] = round.baseline;
  if (round.to_baseline) out["verdict"] = to_string(round.to_baseline->verdict);
  OrderedJson rows = OrderedJson::array();
  for (const Sample& sample : round.run->samples) {
    if (sample.perturbation != 0 || sample.skipped) continue;
    OrderedJson row{{"metric", sample.metric}, {"unit", to_string(sample.unit)}, {"value", sample.value}};
    if (const ComparisonRow* to = row_of(round.to_baseline, sample.metric, sample.unit)) {
      row["change"] = to_string(to->change);
      if (to->difference) row["difference"] = *to->difference;
    }
    if (const ComparisonRow* last = row_of(round.to_last, sample.metric, sample.unit); last && last->difference) {
      row["difference_to_last"] = *last->difference;
    }
    rows.push_back(std::move(row));
  }
  out["rows"] = std::move(rows);
  return dump_json(out);
}

}  // namespace aios
