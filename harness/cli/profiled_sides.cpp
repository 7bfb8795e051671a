// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/profiled_sides.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "harness/support/text.h"

namespace aios {
namespace {

std::optional<double> measured_value(const RunRecord& run, const std::string& metric) {
  for (const Sample* sample : samples_of(run, metric)) {
    if (sample->perturbation == 0) return sample->value;
  }
  return std::nullopt;
}

std::vector<std::string> metrics_of_both(const ProfiledSides& sides) {
  std::vector<std::string> out;
  for (const Profile& profile : sides.first.profiles) {
    for (const ProfileSpan& span : profile.spans) {
      if (span.metric != "_overhead" && sides.second.with(span.metric) != nullptr) out.push_back(span.metric);
    }
  }
  return out;
}

}  // namespace

Result<ProfiledSides> profiled_sides(const Context& context, Store& store, const ExplainRequest& request) {
  RunFlags how = request.how;
  // A profile counts, so a machine that counts it is.
  if (how.mode == "auto") how.mode = "exact";
  if (how.mode != "exact") {
    return config_error("a profile counts instructions, and takes no time", "--mode", "leave --mode out");
  }
  if (!request.metric.empty() && how.scenarios.empty()) {
    how.scenarios.push_back(request.metric.substr(0, request.metric.find('.')));
  }
  // One after the other: a return out of the middle of a braced list would leave what was built of it undestroyed.
  ProfiledSide first = TRY(profiled_side(context, store, request.first, how, request.fresh));
  ProfiledSide second = TRY(profiled_side(context, store, request.second, how, request.fresh));
  return ProfiledSides{std::move(first), std::move(second)};
}

Result<std::vector<std::string>> chosen_metrics(const ProfiledSides& sides, const std::string& wanted) {
  const std::vector<std::string> known = metrics_of_both(sides);
  if (wanted.empty()) {
    if (!known.empty()) return known;
    return config_error("the two sides have no profiled metric in common", {}, "name the same --scenario for both");
  }
  if (std::find(known.begin(), known.end(), wanted) != known.end()) return std::vector<std::string>{wanted};
  return config_error(fmt::format("there is no profile of '{}' on both sides{}", wanted, did_you_mean(wanted, known)),
                      "--metric", known.empty() ? "" : "there are: " + join(known, ", "));
}

Result<Explanation> explanation_of(const ProfiledSides& sides, const std::vector<std::string>& metrics) {
  Explanation out;
  out.first_name = sides.first.run.subject;
  out.second_name = sides.second.run.subject;
  out.first_run = sides.first.run.provenance.run;
  out.second_run = sides.second.run.provenance.run;
  if (out.first_name == out.second_name) {
    out.first_name += " (A)";
    out.second_name += " (B)";
  }
  for (const ProfiledSide* side : {&sides.first, &sides.second}) {
    for (const std::string& note : side->notes) out.notes.push_back(note);
    for (const Profile& profile : side->profiles) {
      for (const std::string& note : profile.notes) {
        std::string whole = side->run.subject + ": " + note;
        if (std::find(out.notes.begin(), out.notes.end(), whole) == out.notes.end())
          out.notes.push_back(std::move(whole));
      }
    }
  }
  for (const std::string& metric : metrics) {
    MetricExplanation explained = explain_metric(*sides.first.with(metric), *sides.second.with(metric), metric);
    explained.first_measured = measured_value(sides.first.run, metric);
    explained.second_measured = measured_value(sides.second.run, metric);
    for (const auto& [side, value, measured] :
         {std::tuple(&sides.first, explained.first, explained.first_measured),
          std::tuple(&sides.second, explained.second, explained.second_measured)}) {
      const bool typical = side == &sides.first ? explained.first_typical : explained.second_typical;
      if (typical && measured && *measured != value) {
        return internal_error(fmt::format("{}: {}: the profile adds up to {}, the figure is {}", side->run.subject,
                                          metric, value, *measured));
      }
    }
    out.metrics.push_back(std::move(explained));
  }
  return out;
}

}  // namespace aios
