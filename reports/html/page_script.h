// SPDX-License-Identifier: Apache-2.0
// The scripts and the data of a page, ready to stand inside <script>. Shared by every page that the reports write.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace aios {

// Files of reports/page as one script in which nothing is global; put it into a <script> unchanged, and what
// script_source() (chart_library.h) says of it into the page's policy.
std::string page_script(std::initializer_list<std::string_view> files);

// A script in a file beside the page, and what a page's policy says of such files, opened from a disk too.
inline constexpr char kScriptsBeside[] = "'self' file:";
std::string script_beside(std::string_view address);

// JSON in which nothing can end the element or begin another.
std::string for_script(std::string_view json);

}  // namespace aios
