// SPDX-License-Identifier: Apache-2.0
#include "harness/export/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kLongestField = 4000;

std::string csv_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }
std::string csv_number(const std::optional<double>& value) { return value ? csv_number(*value) : ""; }

void sample_line(std::string& out, const RunRecord& run, const std::string& of_run, const Sample& sample) {
  out += of_run;
  out += fmt::format(",{},{},{},{},{},{},", csv_text(sample.scenario), csv_text(sample.metric), to_string(sample.unit),
                     to_string(sample.fidelity), sample.boot, sample.perturbation);
  const auto change = static_cast<std::size_t>(sample.perturbation);
  out += change < run.perturbations.size() ? csv_text(run.perturbations[change].description) : "";
  out += fmt::format(",{},{},{},{},{},{},{},{}\n", csv_number(sample.value), csv_number(sample.overhead),
                     sample.iterations, sample.interrupted_iterations, csv_number(sample.minimum),
                     csv_number(sample.maximum), sample.skipped ? "yes" : "no", csv_text(sample.detail));
}

}  // namespace

std::string csv_text(std::string_view text) {
  std::string out = printable(text.substr(0, kLongestField));
  std::replace(out.begin(), out.end(), '\t', ' ');
  const auto first = out.find_first_not_of(' ');
  // Excel and LibreOffice take these for the beginning of a formula; an apostrophe in front makes it a text.
  if (first != std::string::npos && std::string_view("=+-@").find(out[first]) != std::string_view::npos) {
    out.insert(0, 1, '\'');
  }
  if (out.find_first_of(",;\"") == std::string::npos && !out.starts_with(' ') && !out.ends_with(' ')) return out;
  std::string quoted = "\"";
  for (const char c : out) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string export_csv(const std::vector<RunRecord>& runs) {
  std::string out =
      "run,started,label,subject,kernel,kernel_version,machine,mode,scenario,metric,unit,fidelity,boot,perturbation,"
      "null_change,value,overhead,iterations,interrupted_iterations,minimum,maximum,skipped,detail\n";
  for (const RunRecord& run : runs) {
    const Provenance& from = run.provenance;
    const std::string of_run = fmt::format("{},{},{},{},{},{},{},{}", csv_text(from.run), csv_text(from.started),
                                           csv_text(run.label), csv_text(run.subject), csv_text(run.kernel),
                                           csv_text(run.kernel_version), csv_text(run.machine), csv_text(run.mode));
    for (const Sample& sample : run.samples) sample_line(out, run, of_run, sample);
  }
  return out;
}

}  // namespace aios
