// SPDX-License-Identifier: Apache-2.0
// Compares a text with a file in the source tree. After a wanted change: AIOS_UPDATE_GOLDEN=1 and read the diff.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "harness/support/files.h"

namespace aios::testing {

inline void expect_golden(const std::string& text, const std::string& file) {
  const std::filesystem::path path = std::filesystem::path(AIOS_SOURCE_DIR) / file;
  if (std::getenv("AIOS_UPDATE_GOLDEN") != nullptr) {
    ASSERT_TRUE(write_file_atomic(path, text).ok());
    return;
  }
  const auto expected = read_file(path);
  ASSERT_TRUE(expected.ok()) << expected.error().describe();
  EXPECT_EQ(text, expected.value()) << "differs from " << file << "; AIOS_UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace aios::testing
