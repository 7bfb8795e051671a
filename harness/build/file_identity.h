// SPDX-License-Identifier: Apache-2.0
// "Has this changed?", answered cheaply. The content of a large file or tree is hashed once and remembered under its
// path, size and times; as long as those stay the content is taken as unchanged, as make takes it.
#pragma once

#include <string>
#include <vector>

#include "harness/build/build_env.h"

namespace aios {

struct TreeEntry {
  std::string path;  // below the root
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  unsigned mode = 0;
};

// Every file and link below the root in a fixed order, about 0.15 s for a kernel tree. Without .git and without what
// building in the tree leaves behind (objects, .config, generated headers), which is not source.
Result<std::vector<TreeEntry>> list_tree(const fs::path& root);

Result<std::string> file_content_hash(const fs::path& file, const BuildEnv& env);
Result<std::string> tree_content_hash(const fs::path& root, const BuildEnv& env);

}  // namespace aios
