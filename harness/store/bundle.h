// SPDX-License-Identifier: Apache-2.0
// A run on disk, the truth that everything else is made from: a folder with run.json (the head), samples.jsonl and
// boots.jsonl (checksummed lines), plan.json, request.json, logs/, and at the end the seal. While it is written its
// process holds `lock`; a bundle without a seal whose lock is free was killed, and can be resumed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/run_record.h"
#include "harness/store/checked_lines.h"
#include "harness/support/files.h"

namespace aios {

class RunBundle {
 public:
  // `folder` exists and is empty; its name is the run's id.
  static Result<RunBundle> create(const fs::path& folder, const RunRecord& head);
  // Goes on with a killed run: cuts off what belongs to the boot in flight. A config error where the run is sealed or
  // another process still writes it.
  static Result<RunBundle> resume(const fs::path& folder);

  std::string id() const { return folder_.filename().string(); }
  const fs::path& folder() const { return folder_; }

  Status write_head(const RunRecord& run);
  // While the run goes on: whole or not at all for a kill, but not waiting for the disk.
  Status refresh_head(const RunRecord& run);
  Status write_document(std::string_view name, std::string_view text);
  // The name inside the bundle ("logs/NAME").
  Result<std::string> write_log(std::string_view name, std::string_view text);
  // All on disk when it returns; only then may a sample be shown. What fails leaves nothing behind.
  Status append_boot(const BootRecord& boot, const std::vector<Sample>& samples);
  // The last word: the head as it ends, then the seal over everything. Returns the seal's hash.
  Result<std::string> seal(const RunRecord& run);

 private:
  RunBundle(fs::path folder, FileLock lock, CheckedLineWriter samples, CheckedLineWriter boots)
      : folder_(std::move(folder)), lock_(std::move(lock)), samples_(std::move(samples)), boots_(std::move(boots)) {}
  fs::path folder_;
  FileLock lock_;
  CheckedLineWriter samples_, boots_;
};

struct StoredRun {
  RunRecord run;
  bool sealed = false;
  bool alive = false;                                // not sealed, and a process writes it
  bool torn = false;                                 // a line or a boot in flight was left out
  std::uint64_t boots_bytes = 0, samples_bytes = 0;  // where a resumed run goes on
};

// Reads sealed, running and killed runs alike; boots that did not end, and their samples, are left out. The outcome of
// a killed run reads "interrupted". A damaged line is an infra_fault that names it.
Result<StoredRun> read_bundle(const fs::path& folder);
Result<std::string> read_document(const fs::path& folder, std::string_view name);

// A name that is safe as a file's.
std::string file_name_for(std::string_view text);

}  // namespace aios
