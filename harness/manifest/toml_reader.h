// SPDX-License-Identifier: Apache-2.0
// Typed reading of a TOML table. Every error names file, line, key and what was expected; a key that nobody asked for
// is an error with a spelling suggestion. toml++ stays hidden in the .cpp.
//
//   auto file = TRY(TomlFile::read(path));
//   TomlTable root = file.root();
//   kernel.name = TRY(root.string("name"));
//   for (TomlTable variant : TRY(root.tables_or_none("variants"))) { ...; TRY(variant.done()); }
//   TRY(root.done());          // unknown keys
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/files.h"

namespace aios {

class TomlTable {
 public:
  struct Impl;
  explicit TomlTable(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  bool has(std::string_view key) const;
  bool is_table(std::string_view key) const;  // asks for nothing
  // Required: an error names the key and the line of the table.
  Result<std::string> string(std::string_view key);
  Result<std::int64_t> integer(std::string_view key);
  Result<double> number(std::string_view key);
  Result<bool> boolean(std::string_view key);
  Result<std::vector<std::string>> strings(std::string_view key);
  // One of a fixed set of words.
  Result<std::string> word(std::string_view key, const std::vector<std::string>& allowed);
  Result<TomlTable> table(std::string_view key);

  // Optional: the fallback where the key is missing; of the wrong type is still an error.
  Result<std::string> string_or(std::string_view key, std::string fallback);
  Result<std::int64_t> integer_or(std::string_view key, std::int64_t fallback);
  Result<double> number_or(std::string_view key, double fallback);
  Result<bool> boolean_or(std::string_view key, bool fallback);
  Result<std::vector<std::string>> strings_or_none(std::string_view key);
  Result<std::string> word_or(std::string_view key, const std::vector<std::string>& allowed, std::string fallback);
  Result<std::optional<TomlTable>> table_or_none(std::string_view key);
  Result<std::vector<TomlTable>> tables_or_none(std::string_view key);  // array of tables

  std::vector<std::string> keys() const;  // for free-form tables; marks all of them as asked for
  Status done() const;                    // an error for the first key that nobody asked for
  // A config error at this key's line (or the table's): for checks that go beyond the type.
  Error error(std::string_view key, std::string what, std::string hint = {}) const;

 private:
  std::shared_ptr<Impl> impl_;
};

class TomlFile {
 public:
  static Result<TomlFile> read(const fs::path& path);
  static Result<TomlFile> parse(std::string_view text, const fs::path& path_for_errors);
  TomlTable root() const { return root_; }

 private:
  explicit TomlFile(TomlTable root) : root_(std::move(root)) {}
  TomlTable root_;
};

}  // namespace aios
