// SPDX-License-Identifier: Apache-2.0
// A host's tree from a text, for tests: one entry a line, folders above it are made.
//
//   F sys/bus/pci/devices/0000:01:00.0/vendor 0x10de       a file; \n is a line's end
//   L sys/bus/pci/devices/0000:01:00.0 ../../../devices/pci0000:00/0000:01:00.0
//   D sys/class/iommu/dmar0
//   # a comment
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "harness/support/files.h"
#include "harness/support/text.h"

namespace aios::passthrough {

class RecordedTree {
 public:
  RecordedTree() : scratch_(ScratchFolder::create("aios-tree").value()) {}
  explicit RecordedTree(const std::string& name) : RecordedTree() {
    const auto file = fs::path(AIOS_SOURCE_DIR) / "harness/passthrough/testing/trees" / (name + ".tree");
    const auto text = read_file(file);
    EXPECT_TRUE(text.ok()) << file;
    add(text.ok() ? *text : "");
  }

  const fs::path& root() const { return scratch_.path(); }

  void add(const std::string& text) {
    for (const auto& line : split(text, '\n')) {
      if (line.size() < 3 || line[0] == '#') continue;
      const auto blank = line.find(' ', 2);
      const fs::path path = root() / line.substr(2, blank == std::string::npos ? blank : blank - 2);
      const std::string rest = blank == std::string::npos ? "" : line.substr(blank + 1);
      fs::create_directories(line[0] == 'D' ? path : path.parent_path());
      if (line[0] == 'F') write(path, rest);
      if (line[0] == 'L') {
        fs::remove(path);
        fs::create_symlink(rest, path);
      }
    }
  }
  void write(const fs::path& path, const std::string& escaped) {
    std::string bytes;
    for (std::size_t i = 0; i < escaped.size(); ++i) {
      const bool line_end = escaped.compare(i, 2, "\\n") == 0;
      bytes += line_end ? '\n' : escaped[i];
      i += line_end ? 1 : 0;
    }
    std::ofstream(path.is_absolute() ? path : root() / path) << bytes << '\n';
  }

 private:
  ScratchFolder scratch_;
};

}  // namespace aios::passthrough
