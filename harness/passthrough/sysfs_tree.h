// SPDX-License-Identifier: Apache-2.0
// A host's /sys, /proc, /dev and /lib as a tree below a root, so that a recorded tree is read like the real one. What
// is there is not trusted: no link leads out of the root, only regular files are read, and never more than a bound of
// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/files.h"

namespace aios::passthrough {

class SysfsTree {
 public:
  explicit SysfsTree(fs::path root = "/");

  const fs::path& root() const { return root_; }
  bool usable() const { return static_cast<bool>(folder_); }
  // Paths are relative to the root: "sys/bus/pci/devices".
  bool exists(const std::string& path) const;
  // Without white space at its ends. Nothing where it is not there, is no regular file, or holds bytes that are no
  // text.
  std::optional<std::string> text(const std::string& path, std::size_t limit = 4096) const;
  std::optional<std::string> bytes(const std::string& path, std::size_t limit) const;  // as they are
  std::optional<std::int64_t> number(const std::string& path) const;  // decimal, or hexadecimal with 0x
  // What a link says, and its last part if that is a plain name.
  std::optional<std::string> link_target(const std::string& path) const;
  std::optional<std::string> link_name(const std::string& path) const;
  // The names in a folder, sorted; those that are no plain names are left out.
  std::vector<std::string> names(const std::string& path, std::size_t most = 4096) const;

 private:
  UniqueFd open_in(const std::string& path, int flags) const;

  fs::path root_;
  UniqueFd folder_;
};

// Letters, digits and ".:_-+," only, and neither "." nor "..": what drivers, devices and attributes are called.
bool is_plain_name(std::string_view name);

}  // namespace aios::passthrough
