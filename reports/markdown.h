// SPDX-License-Identifier: Apache-2.0
// The report for a pull request: the verdict, the key figures and what is wrong in sight, the rest in folds. Text from
// a guest can neither format, nor link, nor mention anybody.
#pragma once

#include <string>
#include <string_view>

#include "reports/report_model.h"

namespace aios {

std::string render_markdown(const ReportModel& report);

// Plain words stay as they are; anything that Markdown or HTML could take for more is written as character references.
std::string markdown_text(std::string_view text);
// The same as code: `syscall.null`, or <code> with character references for a text that is no plain name.
std::string markdown_code(std::string_view text);

}  // namespace aios
