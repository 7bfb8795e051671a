// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/binding_journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "harness/passthrough/pci_device.h"
#include "harness/passthrough/sysfs_tree.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios::passthrough {
namespace {

constexpr std::uint64_t kJournalLimit = 1U << 20;
constexpr std::size_t kMostFilesOfJournal = 1024;

std::vector<fs::path> files_of(const fs::path& folder, std::string_view suffix) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == suffix && files.size() < kMostFilesOfJournal) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

Status remove_durably(const fs::path& file) {
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return system_error("cannot remove", file.string(), errno);
  const UniqueFd folder(::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder && ::fsync(folder.get()) != 0) return system_error("cannot write", file.parent_path().string(), errno);
  return {};
}

// A name that goes into a path of sysfs: what a damaged journal says must not.
bool is_name_or_empty(const std::string& name) { return name.empty() || is_plain_name(name); }

Result<BindingRecord> read_record(const fs::path& file) {
  const auto lines = split(TRY(read_file(file, kJournalLimit)), '\n');
  const Json head = TRY(parse_json(lines.front(), file.string()));
  BindingRecord record;
  record.file = file;
  record.boot_id = string_or(head, "boot");
  record.pid = static_cast<int>(number_or(head, "pid", 0));
  const auto devices = head.find("devices");
  if (devices == head.end() || !devices->is_array() || devices->size() > 256) {
    return config_error("a journal without devices", file.string());
  }
  for (const auto& one : *devices) {
    DeviceBefore before{string_or(one, "address"), string_or(one, "driver"), string_or(one, "override")};
    if (parse_pci_address(before.address) != before.address || !is_name_or_empty(before.driver) ||
        !is_name_or_empty(before.driver_override)) {
      return config_error("a journal of no PCI device", file.string());
    }
    record.devices.push_back(std::move(before));
  }
  for (const auto& line : lines) {
    if (!line.empty() && &line != &lines.front()) record.last_step = printable(line);
  }
  return record;
}

}  // namespace

Result<BindingJournal> BindingJournal::begin(const fs::path& folder, const BindingRecord& record) {
  if (record.devices.empty()) return internal_error("a binding of no device");
  OrderedJson devices = OrderedJson::array();
  for (const auto& before : record.devices) {
    devices.push_back({{"address", before.address}, {"driver", before.driver}, {"override", before.driver_override}});
  }
  const OrderedJson head{{"boot", record.boot_id}, {"pid", record.pid}, {"devices", devices}};
  const fs::path file = folder / (record.devices.front().address + ".journal");
  TRY(write_file_atomic(file, dump_json(head) + "\n"));
  return BindingJournal(file, TRY(AppendFile::open(file)));
}

Result<BindingJournal> BindingJournal::go_on(const BindingRecord& record) {
  return BindingJournal(record.file, TRY(AppendFile::open(record.file)));
}

Status BindingJournal::step(std::string_view what) { return lines_.append_line(what); }

Status BindingJournal::finish() { return remove_durably(file_); }

LeftBindings left_bindings(const fs::path& folder) {
  LeftBindings left;
  for (const auto& file : files_of(folder, ".journal")) {
    auto record = read_record(file);
    if (record.ok()) {
      left.records.push_back(std::move(*record));
    } else {
      left.damaged.push_back(file);
    }
  }
  return left;
}

Status quarantine(const fs::path& folder, const Quarantine& why) {
  const OrderedJson json{{"address", why.address}, {"reason", why.reason}, {"boot", why.boot_id}, {"since", why.since}};
  return write_file_atomic(folder / (why.address + ".quarantine"), dump_json(json) + "\n");
}

std::vector<Quarantine> quarantined(const fs::path& folder) {
  std::vector<Quarantine> found;
  for (const auto& file : files_of(folder, ".quarantine")) {
    Quarantine one{file.stem().string(), "its record is damaged", {}, {}};
    const auto text = read_file(file, kJournalLimit);
    const auto json = text.ok() ? parse_json(*text, file.string()) : Result<Json>(internal_error(""));
    if (json.ok()) one = {one.address, string_or(*json, "reason"), string_or(*json, "boot"), string_or(*json, "since")};
    found.push_back(std::move(one));
  }
  return found;
}

Status end_quarantine(const fs::path& folder, const std::string& address) {
  return remove_durably(folder / (address + ".quarantine"));
}

}  // namespace aios::passthrough
