// SPDX-License-Identifier: Apache-2.0
#include "harness/store/bundle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <fstream>

#include "harness/model/run_json_parts.h"
#include "harness/store/seal.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr const char* kRunFile = "run.json";
constexpr const char* kFreshHead = ".run.json";

std::string boot_line(const BootRecord& boot, std::size_t samples) {
  OrderedJson line = boot_object(boot);
  line["attempts"] = boot.attempts;
  line["samples"] = samples;
  return dump_json(line);
}

// Only looks: a shared lock for an instant, so that readers do not take each other for the writer.
bool is_locked(const fs::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return fd && ::flock(fd.get(), LOCK_SH | LOCK_NB) != 0;
}

Status write_plain(const fs::path& path, std::string_view text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  return file ? Status() : Status(system_error("cannot write", path.string(), errno));
}

}  // namespace

std::string file_name_for(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 100)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || (c == '.' && !out.empty());
    out += plain ? c : '_';
  }
  return out.empty() ? "_" : out;
}

Result<RunBundle> RunBundle::create(const fs::path& folder, const RunRecord& head) {
  auto lock = TRY(FileLock::try_acquire(folder / "lock"));
  if (!lock) return config_error("another process writes this run", folder.string());
  TRY(make_folders(folder / "logs"));
  auto samples = TRY(CheckedLineWriter::open(folder / "samples.jsonl", 0));
  auto boots = TRY(CheckedLineWriter::open(folder / "boots.jsonl", 0));
  RunBundle bundle(folder, std::move(*lock), std::move(samples), std::move(boots));
  TRY(bundle.write_head(head));
  return bundle;
}

Result<RunBundle> RunBundle::resume(const fs::path& folder) {
  if (fs::exists(folder / kSealFile)) {
    return config_error("this run has come to its end", folder.filename().string(), "start a new run");
  }
  auto lock = TRY(FileLock::try_acquire(folder / "lock"));
  if (!lock) return config_error("another process writes this run", folder.filename().string());
  const StoredRun stored = TRY(read_bundle(folder));
  std::error_code ignored;
  fs::remove(folder / kFreshHead, ignored);
  TRY(make_folders(folder / "logs"));
  auto samples = TRY(CheckedLineWriter::open(folder / "samples.jsonl", stored.samples_bytes));
  auto boots = TRY(CheckedLineWriter::open(folder / "boots.jsonl", stored.boots_bytes));
  return RunBundle(folder, std::move(*lock), std::move(samples), std::move(boots));
}

Status RunBundle::write_head(const RunRecord& run) {
  return write_file_atomic(folder_ / kRunFile, dump_json(head_object(run), 1) + "\n");
}

Status RunBundle::refresh_head(const RunRecord& run) {
  const fs::path fresh = folder_ / kFreshHead;
  TRY(write_plain(fresh, dump_json(head_object(run), 1) + "\n"));
  std::error_code code;
  fs::rename(fresh, folder_ / kRunFile, code);
  if (code) return system_error("cannot rename into place", (folder_ / kRunFile).string(), code.value());
  return {};
}

Status RunBundle::write_document(std::string_view name, std::string_view text) {
  return write_plain(folder_ / file_name_for(name), text);  // synced by the seal, as logs are
}

Result<std::string> RunBundle::write_log(std::string_view name, std::string_view text) {
  const std::string relative = "logs/" + file_name_for(name);
  // Not synced: a log is evidence beside the samples, and the seal syncs all of them at once.
  TRY(write_plain(folder_ / relative, text));
  return relative;
}

Status RunBundle::append_boot(const BootRecord& boot, const std::vector<Sample>& samples) {
  std::vector<std::string> lines;
  lines.reserve(samples.size());
  for (const Sample& sample : samples) lines.push_back(sample_to_json(sample));
  // The boot's own line comes last: without it the samples before it do not count.
  if (!lines.empty()) TRY(samples_.append(lines));
  return boots_.append({boot_line(boot, samples.size())});
}

Result<std::string> RunBundle::seal(const RunRecord& run) {
  TRY(write_head(run));
  const std::string hash = TRY(write_seal(folder_));
  std::error_code ignored;
  fs::remove(folder_ / "lock", ignored);
  return hash;
}

Result<StoredRun> read_bundle(const fs::path& folder) {
  StoredRun out;
  const fs::path head = folder / kRunFile;
  out.run = TRY(run_from_json(TRY(read_file(head)), head.string()));
  out.sealed = fs::exists(folder / kSealFile);

  std::vector<std::size_t> expected;
  const auto take_boot = [&](std::string_view text, const std::string& where, std::uint64_t) -> Status {
    const Json object = TRY(parse_json(text, where));
    BootRecord boot = TRY(read_boot(object, where));
    boot.attempts = static_cast<int>(number_or(object, "attempts", 1));
    const double samples = number_or(object, "samples", 0);
    if (!(samples >= 0 && samples < 1e9)) return infra_fault("key 'samples' is out of range", where);
    expected.push_back(static_cast<std::size_t>(samples));
    out.run.boots.push_back(std::move(boot));
    return {};
  };
  const LinesRead boots = TRY(read_checked_lines(folder / "boots.jsonl", take_boot));
  out.boots_bytes = boots.good_bytes;

  // Samples lie in the order of their boots; what follows the last boot's belongs to a boot in flight.
  std::size_t total = 0;
  for (const std::size_t count : expected) total += count;
  bool more = false;
  const auto take_sample = [&](std::string_view text, const std::string& where, std::uint64_t end) -> Status {
    if (out.run.samples.size() >= total) {
      more = true;
      return {};
    }
    out.run.samples.push_back(TRY(sample_from_json(std::string(text), where)));
    out.samples_bytes = end;
    return {};
  };
  const LinesRead samples = TRY(read_checked_lines(folder / "samples.jsonl", take_sample));
  if (out.run.samples.size() < total) {
    return infra_fault(fmt::format("{} samples of {} are missing", total - out.run.samples.size(), total),
                       (folder / "samples.jsonl").string(), "pull the run again");
  }
  out.torn = boots.torn || samples.torn || more;
  if (!out.sealed) {
    out.alive = is_locked(folder / "lock");
    if (!out.alive && out.run.outcome == "running") out.run.outcome = "interrupted";
  }
  return out;
}

Result<std::string> read_document(const fs::path& folder, std::string_view name) {
  return read_file(folder / file_name_for(name), 64U << 20);
}

}  // namespace aios
