// SPDX-License-Identifier: Apache-2.0
// What is lent to guests, on disk, so that it can be given back by whoever comes next when the harness was killed: how
// each device was before, written before the first step, and each step before it is taken. One file a binding; it goes
// when all is as it was.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/support/files.h"

namespace aios::passthrough {

struct DeviceBefore {
  std::string address, driver, driver_override;  // as they were; empty: none
};

struct BindingRecord {
  std::string boot_id;  // of the host: another boot has forgotten all bindings
  int pid = 0;
  std::vector<DeviceBefore> devices;
  std::string last_step;  // what was done last, or was about to be
  fs::path file;
};

class BindingJournal {
 public:
  static Result<BindingJournal> begin(const fs::path& folder, const BindingRecord& record);
  static Result<BindingJournal> go_on(const BindingRecord& record);  // of one that was left
  Status step(std::string_view what);                                // on disk when it returns
  Status finish();

 private:
  BindingJournal(fs::path file, AppendFile lines) : file_(std::move(file)), lines_(std::move(lines)) {}
  fs::path file_;
  AppendFile lines_;
};

struct LeftBindings {
  std::vector<BindingRecord> records;
  std::vector<fs::path> damaged;  // nobody can say what they spoke of
};
// A folder that is not there has none.
LeftBindings left_bindings(const fs::path& folder);

// A device that is not to be used until it was looked at.
struct Quarantine {
  std::string address, reason, boot_id, since;
};
Status quarantine(const fs::path& folder, const Quarantine& why);
std::vector<Quarantine> quarantined(const fs::path& folder);
Status end_quarantine(const fs::path& folder, const std::string& address);

}  // namespace aios::passthrough
