// SPDX-License-Identifier: Apache-2.0
#include "harness/run/kallsyms.h"

#include <gtest/gtest.h>

#include <cstring>

namespace aios {
namespace {

constexpr std::uint64_t kBase = 0xffffffff81000000;

// What scripts/kallsyms writes, with tokens that stand for themselves.
class Table {
 public:
  explicit Table(int count) {
    for (int i = 0; i < count; ++i) names_.push_back((i % 5 == 4 ? "Dvariable_" : "Tfunction_") + std::to_string(i));
  }

  std::string older() {
    image_.assign(4096, '\x7f');
    offsets();
    number<std::uint64_t>(kBase);
    number<std::uint64_t>(names_.size());
    names();
    image_ += std::string(3 * names_.size(), '\x55');  // what some kernels have in between
    align(8);
    tokens();
    return image_ + std::string(512, '\x7f');
  }

  std::string newer() {
    image_.assign(4096, '\x7f');
    number<std::uint64_t>(names_.size());
    names();
    tokens();
    align(8);
    offsets();
    number<std::uint64_t>(kBase);
    return image_ + std::string(512, '\x7f');
  }

 private:
  template <typename T>
  void number(T value) {
    char bytes[sizeof value];
    std::memcpy(bytes, &value, sizeof value);
    image_.append(bytes, sizeof value);
  }
  void align(std::size_t to) { image_.resize((image_.size() + to - 1) / to * to); }
  // The first is per-processor and absolute; the others are distances below the base's end.
  void offsets() {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      number<std::int32_t>(i == 0 ? 0x40 : -1 - static_cast<std::int32_t>(16 * i));
    }
    align(8);
  }
  void names() {
    std::vector<std::uint32_t> markers;
    const std::size_t begin = image_.size();
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (i % 256 == 0) markers.push_back(static_cast<std::uint32_t>(image_.size() - begin));
      image_ += static_cast<char>(names_[i].size());
      image_ += names_[i];
    }
    align(8);
    for (const std::uint32_t marker : markers) number(marker);
    align(8);
  }
  void tokens() {
    std::vector<std::uint16_t> index;
    const std::size_t begin = image_.size();
    for (int c = 0; c < 256; ++c) {
      index.push_back(static_cast<std::uint16_t>(image_.size() - begin));
      if (c > 0) image_ += static_cast<char>(c);
      image_ += '\0';
    }
    align(8);
    for (const std::uint16_t at : index) number(at);
  }

  std::vector<std::string> names_;
  std::string image_;
};

void expect_table(const std::vector<CodeSymbol>& symbols, std::size_t count) {
  ASSERT_EQ(symbols.size(), count - 1) << "all but the per-processor one";
  for (std::size_t i = 1; i < count; ++i) {
    EXPECT_EQ(symbols[i - 1].address, kBase + 16 * i);
    EXPECT_EQ(symbols[i - 1].name, i % 5 == 4 ? "" : "function_" + std::to_string(i));
  }
}

TEST(Kallsyms, BothLayoutsAreRead) {
  for (const int count : {257, 600, 1000}) {
    expect_table(kallsyms_symbols(Table(count).older()), static_cast<std::size_t>(count));
    expect_table(kallsyms_symbols(Table(count).newer()), static_cast<std::size_t>(count));
  }
}

TEST(Kallsyms, DataHasNamesWhereTheyAreAskedFor) {
  EXPECT_EQ(kallsyms_symbols(Table(300).newer(), true).at(3).name, "variable_4");
}

TEST(Kallsyms, WhatIsNoTableIsNone) {
  EXPECT_TRUE(kallsyms_symbols("").empty());
  EXPECT_TRUE(kallsyms_symbols(std::string(100000, '\0')).empty());
  const std::string whole = Table(600).older();
  // Cut anywhere, or with a byte changed: nothing is read past the end, and a damaged table is none or a part of one.
  for (std::size_t at = 0; at < whole.size(); at += 97) {
    (void)kallsyms_symbols(std::string_view(whole).substr(0, at));
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x21);
    (void)kallsyms_symbols(changed);
  }
}

}  // namespace
}  // namespace aios
