// SPDX-License-Identifier: Apache-2.0
// A real board as a machine: each boot is a power cycle. Console first, then power; the kernel comes over the network
// from a server of our own, as a virtual CD, or by kexec from the board's own system. The board stays locked for as
// long as the run goes on (held_board.h).
#pragma once

#include <memory>
#include <optional>

#include "harness/machine/board/console/console.h"
#include "harness/machine/board/held_board.h"
#include "harness/machine/board/netboot/boot_server.h"
#include "harness/machine/board/power_watch.h"
#include "harness/machine/machine.h"
#include "harness/machine/machine_check.h"

namespace aios::board {

// What the boot server calls the virtual CD.
inline constexpr const char* kIsoFile = "aios.iso";

class BoardMachine final : public Machine {
 public:
  explicit BoardMachine(const MachineEnvironment& environment) : environment_(environment) {}
  ~BoardMachine() override;

  Status prepare(const BootSpec& spec, const std::filesystem::path& scratch) override;
  Status boot() override;
  Result<std::vector<MachineEvent>> wait(Duration at_most, int wake_fd) override;
  Status talk(std::string_view bytes) override;
  Diagnosis diagnose(Duration at_most, bool sysrq) override;
  Duration starved() override;
  EndReport end(Duration at_most) override;

 private:
  Duration now() const { return environment_.clock->monotonic(); }
  void emit(EventKind kind, std::string text = {});
  Status serve(const std::filesystem::path& scratch);
  Status wait_for_fetch();
  Status kexec();
  void read_console();
  void read_power();
  // Until the console, the watch or somebody else has something to say.
  Status poll_once(Duration at_most, int wake_fd);
  std::vector<std::pair<std::string, Duration>> parts() const;

  MachineEnvironment environment_;
  BootSpec spec_;
  BoardSettings settings_;
  std::shared_ptr<HeldBoard> board_;
  std::unique_ptr<BootServer> server_;
  std::optional<Console> console_;
  std::optional<PowerWatch> watch_;
  std::vector<MachineEvent> events_;
  std::vector<std::string> notes_;
  RubbishMeter rubbish_;
  std::string tail_;  // the last of the console, for the reason of a failure
  bool started_ = false, over_ = false, media_in_ = false, lost_ = false;
  Duration begun_{0}, powered_{0};
  std::optional<Duration> loaded_, spoke_;  // the kernel was there; its PID 1 said so
};

// What the kernel is given in front of its own words.
std::vector<std::string> board_kernel_words(const BootSpec& spec);
// The script that iPXE follows. A config error for a word that it would not hand on as it is.
Result<std::string> ipxe_script(const BootSpec& spec, const std::string& server);

std::unique_ptr<Machine> make(const MachineEnvironment& environment);
MachineFindings check(const MachineSpec& spec, const MachineEnvironment& environment);

}  // namespace aios::board
