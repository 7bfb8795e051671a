// SPDX-License-Identifier: Apache-2.0
#include "harness/build/source_mirror.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <map>

#include "harness/build/file_identity.h"
#include "harness/support/text.h"

namespace aios {
namespace {

using Stamps = std::map<std::string, std::string>;  // path -> size, time and mode of the original when it was copied

fs::path stamps_file(const fs::path& copy) { return copy.string() + ".mirrored"; }

Stamps read_stamps(const fs::path& copy) {
  Stamps stamps;
  const auto text = read_file(stamps_file(copy));
  if (!text.ok()) return stamps;
  for (const auto& line : split(*text, '\n')) {
    const auto tab = line.find('\t');
    if (tab != std::string::npos) stamps.emplace(line.substr(tab + 1), line.substr(0, tab));
  }
  return stamps;
}

Status write_stamps(const fs::path& copy, const Stamps& stamps) {
  std::string text;
  for (const auto& [path, stamp] : stamps) text += fmt::format("{}\t{}\n", stamp, path);
  return write_file_atomic(stamps_file(copy), text);
}

Status copy_entry(const fs::path& from, const fs::path& to, unsigned mode) {
  TRY(make_folders(to.parent_path()));
  std::error_code code;
  fs::remove(to, code);
  if (S_ISLNK(mode)) {
    fs::copy_symlink(from, to, code);
    if (code) return system_error("cannot copy link", from.string(), code.value());
    return {};
  }
  return copy_file_to(from, to);
}

}  // namespace

Status mirror_tree(const fs::path& original, const fs::path& copy, const BuildEnv& env) {
  TRY(make_folders(copy));
  const auto entries = TRY(list_tree(original));
  const Stamps before = read_stamps(copy);
  Stamps after;
  std::uint64_t done = 0;
  for (const auto& entry : entries) {
    std::string stamp = fmt::format("{}:{}:{:o}", entry.size, entry.mtime_ns, entry.mode);
    const auto known = before.find(entry.path);
    std::error_code code;
    if (known == before.end() || known->second != stamp || !fs::exists(fs::symlink_status(copy / entry.path, code))) {
      TRY(copy_entry(original / entry.path, copy / entry.path, entry.mode));
    }
    after.emplace(entry.path, std::move(stamp));
    if (++done % 4096 != 0) continue;
    env.progress->step({.text = "copying the source tree", .done = done, .total = entries.size(), .seconds_left = {}});
    if (env.cancel == nullptr || !env.cancel->cancelled()) continue;
    TRY(write_stamps(copy, after));
    return interrupted("interrupted while copying the source tree");
  }
  for (const auto& entry : TRY(list_tree(copy))) {
    std::error_code ignored;
    if (!after.contains(entry.path)) fs::remove(copy / entry.path, ignored);
  }
  return write_stamps(copy, after);
}

Status forget_mirrored(const fs::path& copy, const std::set<std::string>& paths) {
  Stamps stamps = read_stamps(copy);
  for (const auto& path : paths) stamps.erase(path);
  return write_stamps(copy, stamps);
}

}  // namespace aios
