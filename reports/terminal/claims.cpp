// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "reports/terminal.h"
#include "reports/wording.h"

namespace aios {
namespace {

const char* mark_of(VerdictKind verdict, bool unicode) {
  static constexpr std::array<const char*, 6> kMarks = {"\xe2\x9c\x93", "\xe2\x9c\x97", "?",
                                                        "\xe2\x89\xa4", "\xe2\x80\x93", "\xc2\xb7"};
  static constexpr std::array<const char*, 6> kPlain = {"+", "X", "?", "<", "-", "."};
  return (unicode ? kMarks : kPlain)[static_cast<std::size_t>(verdict)];
}

}  // namespace

std::string render_claims(const std::vector<ClaimVerdict>& claims, const TextStyle& style) {
  TextTable table({{.title = ""},
                   {.title = "id"},
                   {.title = "verdict"},
                   {.title = "measured", .right = true},
                   {.title = "target", .flexible = true, .least = 24},
                   {.title = "fidelity"},
                   {.title = "claim", .flexible = true},
                   {.title = "reason", .flexible = true}});
  std::string kernel;
  for (const ClaimVerdict& row : claims) {
    if (row.claim.kernel != kernel) {
      kernel = row.claim.kernel;
      table.group(kernel);
    }
    const Tone tone = tone_of(row.verdict);
    table.row({{mark_of(row.verdict, style.unicode), tone},
               {row.claim.id, Tone::strong},
               {std::string(to_string(row.verdict)), tone},
               {row.value ? format_value(*row.value, row.unit) : ""},
               {row.target_text},
               {row.fidelity ? std::string(to_string(*row.fidelity)) : "", Tone::dim},
               {row.claim.text},
               {row.reason, Tone::dim}});
  }
  if (table.empty()) return "no claims\n";

  std::array<std::size_t, 6> counts{};
  for (const ClaimVerdict& row : claims) ++counts[static_cast<std::size_t>(row.verdict)];
  std::string summary;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const auto verdict = static_cast<VerdictKind>(i);
    summary += summary.empty() ? "" : ", ";
    summary += toned(fmt::format("{} {}", counts[i], to_string(verdict)), tone_of(verdict), style);
  }
  return table.render(style) + "\n" + plural(claims.size(), "claim") + ": " + summary + "\n";
}

}  // namespace aios
