// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/toml_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace aios {
namespace {

using ::testing::HasSubstr;

TomlTable parse(std::string_view text) { return TomlFile::parse(text, "k.toml").value().root(); }

TEST(TomlReader, ErrorNamesFileLineKeyAndExpectation) {
  auto root = parse("\nname = 3\n");
  EXPECT_EQ(root.string("name").error().describe(), "k.toml:2: key 'name' must be a string");
}

TEST(TomlReader, UnknownKeyGetsASuggestion) {
  auto root = parse("name = 'a'\nfragmnets = []\n");
  ASSERT_TRUE(root.string("name").ok());
  ASSERT_TRUE(root.strings_or_none("fragments").ok());
  const auto error = root.done().error();
  EXPECT_EQ(error.where, "k.toml:2");
  EXPECT_THAT(error.what, HasSubstr("unknown key 'fragmnets'; did you mean 'fragments'?"));
}

TEST(TomlReader, MissingKeyShowsTheForm) {
  auto root = parse("[[variants]]\n");
  auto variants = root.tables_or_none("variants").value();
  ASSERT_EQ(variants.size(), 1U);
  EXPECT_EQ(variants[0].string("name").error().describe(),
            "k.toml:1: key 'variants[0].name' is missing\n  hint: add it: name = \"...\"");
}

TEST(TomlReader, WordsAreChecked) {
  auto root = parse("kind = 'tarbal'");
  EXPECT_THAT(root.word("kind", {"tarball", "git"}).error().what, HasSubstr("did you mean 'tarball'"));
}

TEST(TomlReader, SyntaxErrorHasALine) {
  EXPECT_THAT(TomlFile::parse("a = 1\nb = = 2\n", "k.toml").error().where, "k.toml:2");
}

TEST(TomlReader, WholeNumbersAreNumbers) { EXPECT_EQ(parse("a = 2").number("a").value(), 2.0); }

TEST(TomlReader, MissingFileIsConfig) {
  EXPECT_EQ(TomlFile::read("/nonexistent/k.toml").error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace aios
