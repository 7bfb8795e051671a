// SPDX-License-Identifier: Apache-2.0
#include "harness/build/file_identity.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>

#include "harness/support/hash.h"

namespace aios {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

bool is_build_product(std::string_view leaf, std::string_view path) {
  for (const std::string_view ending : {".o", ".ko", ".a", ".mod", ".mod.c", ".cmd", ".order", ".symvers"}) {
    if (leaf.ends_with(ending)) return true;
  }
  return path == ".config" || path == ".config.old" || path == "vmlinux" || path == "System.map" ||
         path == "include/config" || path == "include/generated" ||
         (path.starts_with("arch/") && path.ends_with("/include/generated"));
}

// openat and fstatat: the paths are not walked again for each of 90,000 files.
Status walk(int parent, const char* name, const std::string& prefix, std::vector<TreeEntry>& out) {
  const int fd = ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return system_error("cannot read folder", prefix, errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::fdopendir(fd), ::closedir);
  if (!folder) return system_error("cannot read folder", prefix, errno);
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view leaf(entry->d_name);
    if (leaf == "." || leaf == ".." || leaf == ".git") continue;
    const std::string path = prefix.empty() ? std::string(leaf) : fmt::format("{}/{}", prefix, leaf);
    if (is_build_product(leaf, path)) continue;
    if (entry->d_type == DT_DIR) {
      TRY(walk(fd, entry->d_name, path, out));
      continue;
    }
    struct stat info {};
    if (::fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) return system_error("cannot stat", path, errno);
    if (S_ISDIR(info.st_mode)) {
      TRY(walk(fd, entry->d_name, path, out));
    } else if (S_ISREG(info.st_mode) || S_ISLNK(info.st_mode)) {
      out.push_back({path, static_cast<std::uint64_t>(info.st_size), nanoseconds(info.st_mtim), info.st_mode});
    }
  }
  return {};
}

// Remembers hash under key, bounded: one small file a path.
Result<std::string> remembered(const BuildEnv& env, const std::string& name, const std::string& stamp,
                               const std::function<Result<std::string>()>& compute) {
  const fs::path memo = env.known() / name;
  if (auto text = read_file(memo, 1024); text.ok()) {
    if (text->starts_with(stamp + " ")) return text->substr(stamp.size() + 1);
  }
  std::string hash = TRY(compute());
  TRY(make_folders(env.known()));
  TRY(write_file_atomic(memo, stamp + " " + hash));
  return hash;
}

}  // namespace

Result<std::vector<TreeEntry>> list_tree(const fs::path& root) {
  std::vector<TreeEntry> entries;
  if (Status walked = walk(AT_FDCWD, root.c_str(), {}, entries); !walked.ok()) {
    return std::move(walked).error().wrap("the folder cannot be read as a source tree", root.string());
  }
  std::sort(entries.begin(), entries.end(), [](const TreeEntry& a, const TreeEntry& b) { return a.path < b.path; });
  return entries;
}

Result<std::string> file_content_hash(const fs::path& file, const BuildEnv& env) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) {
    Error error = system_error("cannot read file", file.string(), errno);
    error.kind = ErrorKind::config;
    return error;
  }
  const std::string path = fs::absolute(file).lexically_normal().string();
  const std::string stamp = fmt::format("{}:{}:{}", info.st_size, nanoseconds(info.st_mtim), info.st_ino);
  return remembered(env, "file-" + sha256(path).substr(0, 24), stamp, [&] { return sha256_file(file); });
}

Result<std::string> tree_content_hash(const fs::path& root, const BuildEnv& env) {
  const auto entries = TRY(list_tree(root));
  Sha256 outline;
  for (const auto& entry : entries) {
    outline.field(entry.path).field(fmt::format("{}:{}:{:o}", entry.size, entry.mtime_ns, entry.mode));
  }
  const std::string path = fs::absolute(root).lexically_normal().string();
  return remembered(env, "tree-" + sha256(path).substr(0, 24), outline.hex(), [&]() -> Result<std::string> {
    Sha256 content;
    std::uint64_t done = 0;
    for (const auto& entry : entries) {
      const bool link = S_ISLNK(entry.mode);
      content.field(entry.path).field(link ? "link" : (entry.mode & 0111) != 0 ? "program" : "file");
      if (link) {
        std::error_code ignored;
        content.field(fs::read_symlink(root / entry.path, ignored).string());
      } else {
        content.field(TRY(read_file(root / entry.path)));
      }
      if (++done % 4096 == 0) {
        env.progress->step(
            {.text = "hashing the source tree", .done = done, .total = entries.size(), .seconds_left = {}});
        if (env.cancel != nullptr) TRY(env.cancel->check());
      }
    }
    return content.hex();
  });
}

}  // namespace aios
