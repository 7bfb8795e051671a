// SPDX-License-Identifier: Apache-2.0
#include "harness/passthrough/lending.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <set>

#include "harness/passthrough/device_steps.h"
#include "harness/passthrough/discover.h"
#include "harness/passthrough/obstacles.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios::passthrough {
namespace {

std::string boot_id_of(const SysfsTree& tree) { return tree.text("proc/sys/kernel/random/boot_id", 128).value_or(""); }

// One write call, since each is one order.
Status write_to_sysfs(const fs::path& root, const std::string& path, std::string_view text) {
  const fs::path file = root / path;
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd && ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
  const int code = errno;
  Error error = system_error(fmt::format("the kernel refuses '{}'", trim(text)), file.string(), code);
  if (code == EACCES || code == EPERM) error.hint = "devices are taken from their drivers by root alone: use sudo";
  return error;
}

Status modprobe_vfio() {
  const fs::path program = find_program("modprobe").empty() ? "/sbin/modprobe" : find_program("modprobe");
  TRY(run_checked({.argv = {program.string(), "vfio-pci"}}));
  return {};
}

LendingEnvironment completed(LendingEnvironment environment) {
  if (!environment.write) {
    environment.write = [root = environment.places.root](const std::string& path, std::string_view text) {
      return write_to_sysfs(root, path, text);
    };
  }
  if (!environment.load_vfio) environment.load_vfio = modprobe_vfio;
  return environment;
}

Result<std::vector<FileLock>> lock_all(const fs::path& folder, const std::vector<DeviceBefore>& devices) {
  std::vector<FileLock> locks;
  for (const auto& device : devices) {
    auto lock = TRY(FileLock::try_acquire(folder / (device.address + ".lock")));
    if (!lock) {
      return infra_fault(fmt::format("{} is lent to another run", device.address), folder.string(),
                         "wait for it to end");
    }
    locks.push_back(std::move(*lock));
  }
  return locks;
}

Status into_quarantine(const LendingEnvironment& environment, const SysfsTree& tree, const std::string& address,
                       const std::string& reason, std::vector<Quarantine>& all) {
  all.push_back({address, reason, boot_id_of(tree), utc_time(environment.clock->unix_seconds())});
  return quarantine(environment.places.journal, all.back());
}

std::string after_reset(const ResetOutcome& reset) {
  return fmt::format("it does not answer after its reset ({:.3f} s)", reset.seconds);
}

// Last to first, so that the function that the others hang on is back last.
Returned put_back(const LendingEnvironment& environment, const std::vector<DeviceBefore>& devices,
                  BindingJournal& journal, bool clean) {
  const SysfsTree tree(environment.places.root);
  DeviceSteps steps(environment, tree, journal);
  Returned back;
  for (auto before = devices.rbegin(); before != devices.rend(); ++before) {
    if (before->driver == "vfio-pci") continue;  // it was lent before we came
    const auto now = read_device(tree, before->address);
    std::optional<ResetOutcome> reset;
    if (now && now->driver == "vfio-pci" && !clean) reset = steps.reset(before->address);
    if (reset) back.resets.push_back(*reset);
    const bool dead = !now || !steps.answers(before->address) || (reset && !reset->came_back);
    const Status done = now ? steps.to_before(*before, dead) : Status();
    if (dead) {
      const std::string why = !now ? "it is gone from the bus" : reset ? after_reset(*reset) : "it does not answer";
      const Status kept = into_quarantine(environment, tree, before->address, why, back.quarantined);
      if (!kept.ok()) back.notes.push_back(kept.error().describe());
    } else if (done.ok()) {
      back.devices.push_back(before->address);
    }
    if (!done.ok()) back.failed.push_back(done.error().describe());
  }
  std::reverse(back.devices.begin(), back.devices.end());
  if (back.failed.empty()) {
    if (const Status finished = journal.finish(); !finished.ok()) back.notes.push_back(finished.error().describe());
  }
  return back;
}

void merge(Returned& into, Returned more) {
  const auto append = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(into.devices, more.devices);
  append(into.resets, more.resets);
  append(into.notes, more.notes);
  append(into.quarantined, more.quarantined);
  append(into.failed, more.failed);
}

// What goes, as it is now: all functions of each, each once.
Result<std::vector<DeviceBefore>> wanted_devices(const LendingEnvironment& environment, const SysfsTree& tree,
                                                 const std::vector<std::string>& addresses) {
  const Inventory host = discover(tree, nullptr);
  std::set<std::string> all;
  for (const auto& text : addresses) {
    const auto address = parse_pci_address(text);
    const PciDevice* device = address ? host.find(*address) : nullptr;
    if (device == nullptr) {
      return config_error(fmt::format("there is no PCI device '{}'", text), "pass_through",
                          "aios-bench gpus shows what there is; an address is written 0000:01:00.0");
    }
    for (const auto* part : goes_together(host, *device)) all.insert(part->address);
  }
  for (const auto& why : quarantined(environment.places.journal)) {
    if (!all.contains(why.address) || why.boot_id != boot_id_of(tree)) continue;
    return infra_fault(fmt::format("{} is in quarantine since {}: {}", why.address, why.since, why.reason),
                       environment.places.journal.string(),
                       "power-cycle the host; or, to look at it again: aios-bench doctor --restore");
  }
  std::vector<DeviceBefore> devices;
  std::vector<std::string> what, commands;
  const std::vector<std::string> together(all.begin(), all.end());
  for (const auto& address : together) {
    const PciDevice& device = *host.find(address);
    for (const auto& obstacle : obstacles(host, device, together)) {
      if (!obstacle.blocks || std::find(what.begin(), what.end(), obstacle.what) != what.end()) continue;
      what.push_back(obstacle.what);
      if (!obstacle.command.empty()) commands.push_back(obstacle.command);
    }
    devices.push_back({address, device.driver, device.driver_override});
  }
  if (!what.empty()) {
    return config_error(fmt::format("{} cannot be passed through: {}", join(together, ", "), join(what, "; ")), {},
                        commands.empty() ? "aios-bench gpus" : join(commands, "; "));
  }
  return devices;
}

}  // namespace

LendingPlaces lending_places() {
  LendingPlaces places;
  const char* folder = std::getenv("AIOS_BENCH_DEVICES");
  if (folder != nullptr && *folder != '\0') places.journal = fs::absolute(folder);
  return places;
}

struct Lending::State {
  LendingEnvironment environment;
  std::vector<DeviceBefore> devices;
  std::vector<std::string> addresses;
  std::vector<FileLock> locks;
  std::optional<BindingJournal> journal;
  bool clean = false;  // reset, and all answered
};

Lending::Lending(std::unique_ptr<State> state) : state_(std::move(state)) {}
Lending::Lending(Lending&&) noexcept = default;

Lending& Lending::operator=(Lending&& other) noexcept {
  if (this != &other) {
    give_back();
    state_ = std::move(other.state_);
  }
  return *this;
}

Lending::~Lending() { give_back(); }

const std::vector<std::string>& Lending::devices() const { return state_->addresses; }

Result<Lending> Lending::take(const LendingEnvironment& given, const std::vector<std::string>& addresses) {
  auto state = std::make_unique<State>();
  state->environment = completed(given);
  const LendingEnvironment& environment = state->environment;
  const SysfsTree tree(environment.places.root);
  // What a killed run left may be the very device that is wanted.
  if (anything_left(environment.places)) TRY(give_back_left(environment));
  state->devices = TRY(wanted_devices(environment, tree, addresses));
  for (const auto& device : state->devices) state->addresses.push_back(device.address);
  // Whoever set it up for us beforehand (an administrator, for an ordinary user) keeps it as it is.
  const auto theirs = [](const auto& device) { return device.driver == "vfio-pci" || device.driver.empty(); };
  const bool set_up = std::all_of(state->devices.begin(), state->devices.end(), theirs) &&
                      std::any_of(state->devices.begin(), state->devices.end(),
                                  [](const auto& device) { return device.driver == "vfio-pci"; });
  if (set_up) return Lending(std::move(state));

  TRY(make_folders(environment.places.journal));
  state->locks = TRY(lock_all(environment.places.journal, state->devices));
  if (!tree.exists("sys/bus/pci/drivers/vfio-pci")) TRY(environment.load_vfio());
  state->journal = TRY(BindingJournal::begin(environment.places.journal,
                                             {boot_id_of(tree), static_cast<int>(::getpid()), state->devices, {}, {}}));
  Lending lending(std::move(state));  // from here on all goes back, whatever happens
  State& own = *lending.state_;
  DeviceSteps steps(own.environment, tree, *own.journal);
  for (const auto& device : own.devices) {
    if (device.driver != "vfio-pci") TRY(steps.to_vfio(device.address));
  }
  return lending;
}

std::vector<ResetOutcome> Lending::reset() {
  std::vector<ResetOutcome> outcomes;
  if (!state_ || !state_->journal) return outcomes;
  const SysfsTree tree(state_->environment.places.root);
  DeviceSteps steps(state_->environment, tree, *state_->journal);
  state_->clean = true;
  for (const auto& address : state_->addresses) {
    const auto outcome = steps.reset(address);
    if (!outcome) continue;
    outcomes.push_back(*outcome);
    if (outcome->came_back) continue;
    state_->clean = false;
    std::vector<Quarantine> why;
    (void)into_quarantine(state_->environment, tree, address, after_reset(*outcome), why).ok();
  }
  return outcomes;
}

Returned Lending::give_back() {
  if (!state_ || !state_->journal) return {};
  Returned back = put_back(state_->environment, state_->devices, *state_->journal, state_->clean);
  state_->journal.reset();
  state_->locks.clear();
  return back;
}

bool anything_left(const LendingPlaces& places) {
  std::error_code error;
  for (fs::directory_iterator at(places.journal, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".journal") return true;
  }
  return false;
}

Result<Returned> give_back_left(const LendingEnvironment& given, bool look_at_quarantined) {
  const LendingEnvironment environment = completed(given);
  const fs::path& folder = environment.places.journal;
  const SysfsTree tree(environment.places.root);
  Returned all;
  const auto left = left_bindings(folder);
  for (const auto& file : left.damaged) {
    std::error_code ignored;
    fs::rename(file, fs::path(file) += ".damaged", ignored);
    all.notes.push_back(
        fmt::format("{} is damaged, and was put aside: look at the device's driver by hand", file.filename().string()));
  }
  for (const auto& record : left.records) {
    const auto locks = lock_all(folder, record.devices);
    if (!locks.ok()) continue;  // its run lives
    std::error_code ignored;
    if (!fs::exists(record.file, ignored)) continue;  // it ended just now
    BindingJournal journal = TRY(BindingJournal::go_on(record));
    if (record.boot_id != boot_id_of(tree)) {
      TRY(journal.finish());  // the host has started again since, and forgot it
      continue;
    }
    merge(all, put_back(environment, record.devices, journal, false));
  }
  if (!look_at_quarantined) return all;
  for (const auto& why : quarantined(folder)) {
    const auto config = tree.bytes(fmt::format("sys/bus/pci/devices/{}/config", why.address), 2);
    if (!config || *config == "\xff\xff") {
      all.quarantined.push_back(why);
      continue;
    }
    TRY(end_quarantine(folder, why.address));
    all.notes.push_back(fmt::format("{} answers again: no longer in quarantine", why.address));
  }
  return all;
}

}  // namespace aios::passthrough
