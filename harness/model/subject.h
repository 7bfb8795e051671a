// SPDX-License-Identifier: Apache-2.0
// What is under test, as a person writes it:  KERNEL[@REF][:VARIANT][+MODULE...][-MODULE...]  or an image file. One
// grammar for run, compare, gate, explain, bisect. A word with a slash or with an existing file behind it is an image.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/result.h"

namespace aios {

struct Subject {
  std::string kernel;   // empty for an image
  std::string ref;      // "" : the manifest's own source
  std::string variant;  // "" : the default variant
  std::vector<std::string> with_modules, without_modules;
  std::filesystem::path image;                               // an image file as a black box
  std::vector<std::string> append;                           // --append: words for the kernel's command line
  std::vector<std::pair<std::string, std::string>> sysctls;  // --sysctl K=V
  std::vector<std::filesystem::path> configs;                // --config FILE: fragments after the kernel's own

  bool is_image() const { return !image.empty(); }
  std::string text() const;  // the grammar again, canonical (without append and sysctl)
  std::string name() const;  // for tables: text() and what was appended
};

// `kernels`: the names that exist, for the spelling suggestion. A module name may hold '-'; a '-MODULE' follows '+' or
// the variant or kernel only where the word so far is a known kernel name ("my-kernel" is one name if it is known).
Result<Subject> parse_subject(std::string_view text, const std::vector<std::string>& kernels);

}  // namespace aios
