// SPDX-License-Identifier: Apache-2.0
#include "harness/store/seal.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <vector>

#include "harness/support/hash.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::string_view kTitle = "# aios-bench seal 1 ";
constexpr std::uint64_t kMaxSeal = 64U << 20;

Result<std::vector<std::string>> files_of(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code code;
  for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && !it->is_symlink(ignored)) continue;
    std::string name = it->path().lexically_relative(folder).string();
    if (name != kSealFile && name != "lock") out.push_back(std::move(name));
  }
  if (code) return system_error("cannot list", folder.string(), code.value());
  std::sort(out.begin(), out.end());
  return out;
}

Status sync_file(const fs::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) return system_error("cannot sync", path.string(), errno);
  return {};
}

// What the bundle writes through to the disk by itself.
bool is_synced(std::string_view name) { return name == "run.json" || name == "samples.jsonl" || name == "boots.jsonl"; }

}  // namespace

Result<std::string> write_seal(const fs::path& folder) {
  std::string list;
  for (const std::string& name : TRY(files_of(folder))) {
    if (!is_synced(name)) TRY(sync_file(folder / name));
    list += fmt::format("{}  {}\n", TRY(sha256_file(folder / name)), name);
  }
  const std::string hash = sha256(list);
  TRY(write_file_atomic(folder / kSealFile, fmt::format("{}{}\n{}", kTitle, hash, list)));
  return hash;
}

std::string seal_hash(const fs::path& folder) {
  const auto text = read_file(folder / kSealFile, kMaxSeal);
  if (!text.ok() || !text->starts_with(kTitle) || text->size() < kTitle.size() + 64) return {};
  return text->substr(kTitle.size(), 64);
}

Status verify_seal(const fs::path& folder) {
  const std::string where = folder.filename().string();
  if (!fs::exists(folder / kSealFile)) return config_error("this run has no seal: it was killed or still runs", where);
  const std::string text = TRY(read_file(folder / kSealFile, kMaxSeal));
  const std::string hash = seal_hash(folder);
  const auto line_end = text.find('\n');
  if (hash.empty() || line_end == std::string::npos || sha256(std::string_view(text).substr(line_end + 1)) != hash) {
    return infra_fault("the seal itself was changed", where, "pull the run again");
  }
  std::map<std::string, std::string> sealed;
  for (const std::string& line : split(std::string_view(text).substr(line_end + 1), '\n')) {
    if (line.size() > 66) sealed[line.substr(66)] = line.substr(0, 64);
  }
  for (const std::string& name : TRY(files_of(folder))) {
    const auto found = sealed.find(name);
    if (found == sealed.end()) return infra_fault(fmt::format("'{}' was added after the seal", name), where);
    if (fs::is_symlink(folder / name) || TRY(sha256_file(folder / name)) != found->second) {
      return infra_fault(fmt::format("'{}' was changed after the seal", name), where, "pull the run again");
    }
    sealed.erase(found);
  }
  if (!sealed.empty()) {
    return infra_fault(fmt::format("'{}' is missing", sealed.begin()->first), where, "pull the run again");
  }
  return {};
}

}  // namespace aios
