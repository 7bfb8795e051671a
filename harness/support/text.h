// SPDX-License-Identifier: Apache-2.0
// Small things with text: spelling suggestions, splitting, and making text that came from a guest harmless.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aios {

std::vector<std::string> split(std::string_view text, char separator);
std::vector<std::string> split_words(std::string_view text);  // on blanks
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

std::size_t edit_distance(std::string_view a, std::string_view b);
// The known name nearest to a misspelt one, or empty if none is near.
std::string suggest(std::string_view wrong, const std::vector<std::string>& known);
// "; did you mean 'x'?" or nothing.
std::string did_you_mean(std::string_view wrong, const std::vector<std::string>& known);

// For a terminal: control characters (but tab), those that turn the writing's direction, and bytes that are not UTF-8
// become visible escapes such as \x1b.
std::string printable(std::string_view text);
std::string html_escape(std::string_view text);

// 12,345,678 and 1.5 KiB
std::string group_digits(long long number);
std::string human_bytes(double bytes);

}  // namespace aios
