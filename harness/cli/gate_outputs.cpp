// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "harness/cli/gate_flags.h"
#include "harness/export/gate_formats.h"
#include "reports/gate.h"

namespace aios {
namespace {

// GitLab places a finding in a file: the policy, or what stands for it.
std::string place_of(const GateFlags& flags) { return flags.policy.empty() ? "gate.toml" : flags.policy; }

Status annotate(const Context& context, const GateReport& report, const GateFlags& flags, const std::string& word) {
  const auto colon = word.find(':');
  const std::string format = word.substr(0, colon);
  const std::string file = colon == std::string::npos ? "" : word.substr(colon + 1);
  if (format == "github") {
    const std::string text = export_gate_github(report);
    if (!file.empty()) return write_file_atomic(file, text);
    // With --json standard output is the document's; the runner reads standard error too.
    if (flags.json) {
      std::fwrite(text.data(), 1, text.size(), stderr);
    } else {
      context.print(text);
    }
    return {};
  }
  if (format == "gitlab") {
    return write_file_atomic(file.empty() ? "gl-code-quality-report.json" : file,
                             export_gate_gitlab(report, place_of(flags)));
  }
  return config_error(fmt::format("'{}' is no kind of annotation", format), "--annotations",
                      "github, github:FILE, gitlab or gitlab:FILE");
}

}  // namespace

Status write_gate_outputs(const Context& context, const GateReport& report, const GateFlags& flags) {
  if (!flags.markdown.empty()) TRY(write_file_atomic(flags.markdown, render_gate_markdown(report)));
  if (!flags.junit.empty()) TRY(write_file_atomic(flags.junit, export_gate_junit(report)));
  for (const std::string& word : flags.annotations) TRY(annotate(context, report, flags, word));
  return {};
}

}  // namespace aios
