// SPDX-License-Identifier: Apache-2.0
// Lends devices of this host to a guest: from their drivers to vfio-pci, and back afterwards, whatever happens in
// between. While the object lives a lock for each device is held; after a kill the journal says what to put back, and
// the next command does it (`give_back_left`).
//
//   Lending lending = TRY(Lending::take(environment, {"0000:01:00.0"}));   // its other functions go with it
//   ... -device vfio-pci,host=0000:01:00.0 ...
//   const Returned back = lending.give_back();                             // the destructor does it otherwise
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/passthrough/binding_journal.h"
#include "harness/passthrough/sysfs_tree.h"
#include "harness/support/clock.h"

namespace aios::passthrough {

struct LendingPlaces {
  fs::path root = "/";
  fs::path journal = "/var/lib/aios-bench/passthrough";  // of the host, not of a store: so are the devices
};
// $AIOS_BENCH_DEVICES names another folder for the journal.
LendingPlaces lending_places();

struct LendingEnvironment {
  LendingPlaces places;
  const Clock* clock = nullptr;
  // Writes to a file of sysfs, its path relative to the root. Empty: the real one.
  std::function<Status(const std::string& path, std::string_view text)> write;
  // Loads vfio-pci. Empty: modprobe.
  std::function<Status()> load_vfio;
};

struct ResetOutcome {
  std::string address;
  double seconds = 0;
  bool came_back = true;
};

struct Returned {
  std::vector<std::string> devices;  // as they were before
  std::vector<ResetOutcome> resets;
  std::vector<std::string> notes;       // what a person should know
  std::vector<Quarantine> quarantined;  // did not come back
  std::vector<std::string> failed;      // could not be put back; the journal stays
  bool ok() const { return quarantined.empty() && failed.empty(); }
};

class Lending {
 public:
  // A config error names what stands in the way and the command that clears it; nothing is changed then.
  static Result<Lending> take(const LendingEnvironment& environment, const std::vector<std::string>& addresses);
  Lending(Lending&&) noexcept;
  Lending& operator=(Lending&&) noexcept;
  ~Lending();

  const std::vector<std::string>& devices() const;  // all that go, by address
  // Between two guests: what one left in it, the next does not find. A device that does not come back is in quarantine
  // from then on, and the outcome says so.
  std::vector<ResetOutcome> reset();
  Returned give_back();  // again: nothing happens

 private:
  struct State;
  explicit Lending(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Puts back what killed runs left, and looks again at what is in quarantine when asked to.
Result<Returned> give_back_left(const LendingEnvironment& environment, bool look_at_quarantined = false);
// Whether there is anything to put back: quick, for every command to ask.
bool anything_left(const LendingPlaces& places);

}  // namespace aios::passthrough
