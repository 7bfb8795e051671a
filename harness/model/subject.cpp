// SPDX-License-Identifier: Apache-2.0
#include "harness/model/subject.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/support/text.h"

namespace aios {
namespace {

namespace fs = std::filesystem;

bool valid_name(std::string_view name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/~^") ==
             std::string_view::npos;
}

Error bad(std::string_view text, std::string what) {
  return config_error(
      fmt::format("'{}' is not a subject: {}", text, what), {},
      "the form is KERNEL[@REF][:VARIANT][+MODULE...][-MODULE...] or the path of an image file; `aios-bench "
      "list kernels` shows the kernels");
}

// The longest known kernel name that the text begins with and that a separator (or the end) follows.
std::string leading_kernel(std::string_view text, const std::vector<std::string>& kernels) {
  std::string best;
  for (const auto& name : kernels) {
    if (!text.starts_with(name) || name.size() <= best.size()) continue;
    if (text.size() == name.size() || std::string_view("@:+-").find(text[name.size()]) != std::string_view::npos) {
      best = name;
    }
  }
  return best;
}

}  // namespace

std::string Subject::text() const {
  if (is_image()) return image.string();
  std::string out = kernel;
  if (!ref.empty()) out += "@" + ref;
  if (!variant.empty()) out += ":" + variant;
  for (const auto& module : with_modules) out += "+" + module;
  for (const auto& module : without_modules) out += "-" + module;
  // Not of the grammar, but such a run must not pass for one of the kernel as it stands.
  for (const auto& config : configs) out += "+" + config.filename().string();
  return out;
}

std::string Subject::name() const {
  std::string out = text();
  for (const auto& word : append) out += " " + word;
  for (const auto& [key, value] : sysctls) out += fmt::format(" {}={}", key, value);
  return out;
}

Result<Subject> parse_subject(std::string_view text, const std::vector<std::string>& kernels) {
  Subject subject;
  if (text.empty()) return bad(text, "it is empty");
  std::error_code no_file;
  const bool known = std::find(kernels.begin(), kernels.end(), text) != kernels.end();
  if (!known && fs::is_regular_file(fs::path(text), no_file)) {
    subject.image = fs::path(text);
    return subject;
  }
  subject.kernel = leading_kernel(text, kernels);
  if (subject.kernel.empty()) {
    if (text.find('/') != std::string_view::npos) {
      subject.image = fs::path(text);
      return subject;
    }
    const std::string word(text.substr(0, text.find_first_of("@:+")));
    return bad(text, fmt::format("there is no kernel '{}'{}", word, did_you_mean(word, kernels)));
  }
  std::string_view rest = text.substr(subject.kernel.size());
  while (!rest.empty()) {
    const char mark = rest[0];
    rest.remove_prefix(1);
    // A ref or a module may hold '-' itself; a leaving module must therefore come after a '+' or ':' part or the
    // kernel.
    const std::string_view stops = mark == '@' ? ":+" : ":+-@";
    const auto end = rest.find_first_of(stops);
    const std::string part(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
    if (!valid_name(part)) return bad(text, fmt::format("'{}' after '{}' is not a name", part, mark));
    switch (mark) {
      case '@':
        subject.ref = part;
        break;
      case ':':
        subject.variant = part;
        break;
      case '+':
        subject.with_modules.push_back(part);
        break;
      case '-':
        subject.without_modules.push_back(part);
        break;
      default:
        return bad(text, fmt::format("'{}' is no separator", mark));
    }
  }
  return subject;
}

}  // namespace aios
