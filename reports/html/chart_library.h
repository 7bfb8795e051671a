// SPDX-License-Identifier: Apache-2.0
// Apache ECharts (Apache-2.0), which draws every chart, as it is built into the program: ci/fetch-chart-library gets
// it, the build embeds it compressed. A page carries it in one element and unpacks it where it is read
// (page/library.js), so that the page is a third as large; a folder of pages writes it once, as a file.
#pragma once

#include <string>
#include <string_view>

namespace aios {

inline constexpr char kChartLibraryName[] = "Apache ECharts";
std::string_view chart_library_version();  // "6.1.0"
// <script type="text/plain" id="chart-library">: gzip in base64, harmless until page/library.js runs it.
std::string chart_library_element();
// The script as it is run: 1.1 MB.
std::string chart_library_script();
// A source of `script-src` that allows exactly this text: "'sha256-...'".
std::string chart_library_source();
std::string script_source(std::string_view script);

}  // namespace aios
