// SPDX-License-Identifier: Apache-2.0
#include "reports/html/chart_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(ChartLibrary, IsInTheProgramWhole) {
  const std::string script = chart_library_script();
  EXPECT_THAT(script, HasSubstr("Licensed to the Apache Software Foundation"));
  EXPECT_THAT(script, HasSubstr(std::string(chart_library_version())));
  EXPECT_EQ(script_source(script), chart_library_source());
}

TEST(ChartLibrary, IsSmallInAPage) {
  EXPECT_LT(chart_library_element().size(), 600U << 10);
  EXPECT_THAT(chart_library_element(), StartsWith("<script type=\"text/plain\""));
}

TEST(ChartLibrary, AScriptsSourceIsItsHash) {
  EXPECT_EQ(script_source(""), "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
}

}  // namespace
}  // namespace aios
