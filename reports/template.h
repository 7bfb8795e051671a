// SPDX-License-Identifier: Apache-2.0
// The templates of reports/templates, built into the program, and the filling of their {{places}}.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace aios {

// Empty if there is no such template.
std::string_view report_template(std::string_view name);

// Each {{name}} becomes its value; what was filled in is not looked at again. A place without a value becomes nothing.
std::string fill_template(std::string_view text, const std::map<std::string, std::string, std::less<>>& values);

}  // namespace aios
