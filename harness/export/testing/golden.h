// SPDX-License-Identifier: Apache-2.0
// Compares a text with a file in the source tree. After a wanted change: AIOS_UPDATE_GOLDEN=1 and read the diff.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

#include "harness/support/files.h"

namespace aios::testing {

// The whole of two reports in a test's log helps nobody: the first line that differs does.
inline std::string first_difference(const std::string& got, const std::string& wanted) {
  std::istringstream got_lines(got), wanted_lines(wanted);
  for (int number = 1;; ++number) {
    std::string a, b;
    const bool has_a = static_cast<bool>(std::getline(got_lines, a));
    const bool has_b = static_cast<bool>(std::getline(wanted_lines, b));
    if (has_a && has_b && a == b) continue;
    if (!has_a && !has_b) return "the end of the last line\n";
    return "line " + std::to_string(number) + "\n  got:    " + (has_a ? a.substr(0, 300) : "the end") +
           "\n  wanted: " + (has_b ? b.substr(0, 300) : "the end") + "\n";
  }
}

inline void expect_golden(const std::string& text, const std::string& file) {
  const std::filesystem::path path = std::filesystem::path(AIOS_SOURCE_DIR) / file;
  if (std::getenv("AIOS_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(write_file_atomic(path, text).ok());
    return;
  }
  const auto expected = read_file(path);
  ASSERT_TRUE(expected.ok()) << expected.error().describe();
  if (text == expected.value()) return;
  ADD_FAILURE() << file << " differs, first in " << first_difference(text, expected.value())
                << "AIOS_UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace aios::testing
