// SPDX-License-Identifier: Apache-2.0
#include "harness/manifest/toml_reader.h"

#include <fmt/format.h>

#include <set>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "harness/support/text.h"

namespace aios {

struct TomlTable::Impl {
  std::shared_ptr<const toml::table> document;  // keeps `table` alive
  const toml::table* table = nullptr;
  fs::path path;
  std::string name;  // "variants[1]" or empty for the root
  std::set<std::string, std::less<>> asked;

  const toml::node* find(std::string_view key) {
    asked.emplace(key);
    return table->get(key);
  }
  std::string where(const toml::node& node) const {
    return fmt::format("{}:{}", path.string(), node.source().begin.line);
  }
  std::string full(std::string_view key) const {
    return name.empty() ? std::string(key) : fmt::format("{}.{}", name, key);
  }
  Error wrong_type(const toml::node& node, std::string_view key, std::string_view expected) const {
    return config_error(fmt::format("key '{}' must be {}", full(key), expected), where(node));
  }
  Error missing(std::string_view key, std::string_view expected) const {
    return config_error(fmt::format("key '{}' is missing", full(key)), where(*table),
                        fmt::format("add it: {} = {}", key, expected));
  }
};

namespace {

using Impl = TomlTable::Impl;

template <typename T>
struct Expected;
template <>
struct Expected<std::string> {
  static constexpr std::string_view kText = "a string";
  static constexpr std::string_view kExample = "\"...\"";
};
template <>
struct Expected<std::int64_t> {
  static constexpr std::string_view kText = "a whole number";
  static constexpr std::string_view kExample = "1";
};
template <>
struct Expected<double> {
  static constexpr std::string_view kText = "a number";
  static constexpr std::string_view kExample = "1.0";
};
template <>
struct Expected<bool> {
  static constexpr std::string_view kText = "true or false";
  static constexpr std::string_view kExample = "true";
};

template <typename T>
std::optional<T> exactly(const toml::node& node) {
  if constexpr (std::is_same_v<T, double>) {
    if (const auto* whole = node.as_integer()) return static_cast<double>(whole->get());
  }
  return node.value_exact<T>();
}

template <typename T>
Result<std::optional<T>> optional_value(Impl& impl, std::string_view key) {
  const toml::node* node = impl.find(key);
  if (node == nullptr) return std::optional<T>();
  if (auto value = exactly<T>(*node)) return std::optional<T>(std::move(*value));
  return impl.wrong_type(*node, key, Expected<T>::kText);
}

template <typename T>
Result<T> required_value(Impl& impl, std::string_view key) {
  auto value = TRY(optional_value<T>(impl, key));
  if (!value) return impl.missing(key, Expected<T>::kExample);
  return std::move(*value);
}

template <typename T>
Result<T> value_or(Impl& impl, std::string_view key, T fallback) {
  auto value = TRY(optional_value<T>(impl, key));
  return value ? std::move(*value) : std::move(fallback);
}

TomlTable nested(const Impl& parent, const toml::table& table, std::string name) {
  auto impl = std::make_shared<Impl>();
  impl->document = parent.document;
  impl->table = &table;
  impl->path = parent.path;
  impl->name = std::move(name);
  return TomlTable(std::move(impl));
}

}  // namespace

bool TomlTable::has(std::string_view key) const { return impl_->table->contains(key); }
bool TomlTable::is_table(std::string_view key) const {
  const toml::node* node = impl_->table->get(key);
  return node != nullptr && node->is_table();
}
Result<std::string> TomlTable::string(std::string_view key) { return required_value<std::string>(*impl_, key); }
Result<std::int64_t> TomlTable::integer(std::string_view key) { return required_value<std::int64_t>(*impl_, key); }
Result<double> TomlTable::number(std::string_view key) { return required_value<double>(*impl_, key); }
Result<bool> TomlTable::boolean(std::string_view key) { return required_value<bool>(*impl_, key); }

Result<std::vector<std::string>> TomlTable::strings(std::string_view key) {
  if (!has(key)) return impl_->missing(key, "[\"...\"]");
  return strings_or_none(key);
}

Result<std::string> TomlTable::word(std::string_view key, const std::vector<std::string>& allowed) {
  if (!has(key)) return impl_->missing(key, fmt::format("one of {}", join(allowed, ", ")));
  return word_or(key, allowed, {});
}

Result<TomlTable> TomlTable::table(std::string_view key) {
  auto found = TRY(table_or_none(key));
  if (!found) {
    return config_error(fmt::format("table '{}' is missing", impl_->full(key)), impl_->where(*impl_->table),
                        fmt::format("add it: [{}]", impl_->full(key)));
  }
  return std::move(*found);
}

Result<std::string> TomlTable::string_or(std::string_view key, std::string fallback) {
  return value_or<std::string>(*impl_, key, std::move(fallback));
}
Result<std::int64_t> TomlTable::integer_or(std::string_view key, std::int64_t fallback) {
  return value_or<std::int64_t>(*impl_, key, fallback);
}
Result<double> TomlTable::number_or(std::string_view key, double fallback) {
  return value_or<double>(*impl_, key, fallback);
}
Result<bool> TomlTable::boolean_or(std::string_view key, bool fallback) {
  return value_or<bool>(*impl_, key, fallback);
}

Result<std::vector<std::string>> TomlTable::strings_or_none(std::string_view key) {
  const toml::node* node = impl_->find(key);
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  const toml::array* array = node->as_array();
  if (array == nullptr) return impl_->wrong_type(*node, key, "a list of strings");
  for (const auto& element : *array) {
    auto text = element.value_exact<std::string>();
    if (!text) return impl_->wrong_type(element, key, "a list of strings");
    texts.push_back(std::move(*text));
  }
  return texts;
}

Result<std::string> TomlTable::word_or(std::string_view key, const std::vector<std::string>& allowed,
                                       std::string fallback) {
  auto text = TRY(optional_value<std::string>(*impl_, key));
  if (!text) return fallback;
  for (const auto& candidate : allowed) {
    if (candidate == *text) return std::move(*text);
  }
  return error(key, fmt::format("'{}' is not known here{}", *text, did_you_mean(*text, allowed)),
               fmt::format("one of: {}", join(allowed, ", ")));
}

Result<std::optional<TomlTable>> TomlTable::table_or_none(std::string_view key) {
  const toml::node* node = impl_->find(key);
  if (node == nullptr) return std::optional<TomlTable>();
  const toml::table* table = node->as_table();
  if (table == nullptr) return impl_->wrong_type(*node, key, "a table");
  return std::optional(nested(*impl_, *table, impl_->full(key)));
}

Result<std::vector<TomlTable>> TomlTable::tables_or_none(std::string_view key) {
  const toml::node* node = impl_->find(key);
  std::vector<TomlTable> tables;
  if (node == nullptr) return tables;
  const toml::array* array = node->as_array();
  if (array == nullptr) return impl_->wrong_type(*node, key, "a list of tables ([[...]])");
  for (const auto& element : *array) {
    const toml::table* table = element.as_table();
    if (table == nullptr) return impl_->wrong_type(element, key, "a list of tables ([[...]])");
    tables.push_back(nested(*impl_, *table, fmt::format("{}[{}]", impl_->full(key), tables.size())));
  }
  return tables;
}

std::vector<std::string> TomlTable::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, value] : *impl_->table) {
    names.emplace_back(key.str());
    impl_->asked.emplace(key.str());
  }
  return names;
}

Status TomlTable::done() const {
  const std::vector<std::string> known(impl_->asked.begin(), impl_->asked.end());
  for (const auto& [key, value] : *impl_->table) {
    if (impl_->asked.contains(key.str())) continue;
    return config_error(fmt::format("unknown key '{}'{}", impl_->full(key.str()), did_you_mean(key.str(), known)),
                        fmt::format("{}:{}", impl_->path.string(), key.source().begin.line),
                        fmt::format("known here: {}", join(known, ", ")));
  }
  return {};
}

Error TomlTable::error(std::string_view key, std::string what, std::string hint) const {
  const toml::node* node = key.empty() ? nullptr : impl_->table->get(key);
  if (!key.empty()) what = fmt::format("key '{}': {}", impl_->full(key), what);
  return config_error(std::move(what), impl_->where(node != nullptr ? *node : *impl_->table), std::move(hint));
}

Result<TomlFile> TomlFile::read(const fs::path& path) { return parse(TRY(read_file(path, 4U << 20)), path); }

Result<TomlFile> TomlFile::parse(std::string_view text, const fs::path& path_for_errors) {
  toml::parse_result parsed = toml::parse(text, path_for_errors.string());
  if (!parsed) {
    const auto& error = parsed.error();
    return config_error(fmt::format("not valid TOML: {}", error.description()),
                        fmt::format("{}:{}", path_for_errors.string(), error.source().begin.line));
  }
  auto impl = std::make_shared<TomlTable::Impl>();
  impl->document = std::make_shared<const toml::table>(std::move(parsed).table());
  impl->table = impl->document.get();
  impl->path = path_for_errors;
  return TomlFile(TomlTable(std::move(impl)));
}

}  // namespace aios
