// SPDX-License-Identifier: Apache-2.0
// A machine that is a QEMU process. It hangs on descriptors that it inherits (console, QMP, screen, error stream), so
// it needs no file and no port, and it dies with the harness. One ppoll serves them all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/machine/console_text.h"
#include "harness/machine/machine.h"
#include "harness/machine/qemu/command_line.h"
#include "harness/machine/qemu/qmp.h"
#include "harness/support/process.h"

namespace aios::qemu {

class PassedDevices;

// KVM is used only where a probe has booted something with it. The probe's own guest cannot wait for that.
enum class KvmTrust { after_probe, blind };

class QemuMachine final : public Machine {
 public:
  explicit QemuMachine(const MachineEnvironment& environment, KvmTrust trust = KvmTrust::after_probe,
                       FirmwarePaths firmware = {})
      : environment_(environment), firmware_(std::move(firmware)), trust_(trust) {}

  Status prepare(const BootSpec& spec, const std::filesystem::path& scratch) override;
  Status boot() override;
  Result<std::vector<MachineEvent>> wait(Duration at_most, int wake_fd) override;
  Status talk(std::string_view bytes) override;
  Diagnosis diagnose(Duration at_most, bool sysrq) override;
  Duration starved() override;
  Status save(const std::filesystem::path& out, Duration at_most) override;
  EndReport end(Duration at_most) override;

  int process_id() const { return child_ ? child_->pid() : -1; }  // for tests of what is left behind

 private:
  Duration now() const { return environment_.clock->monotonic(); }
  // Waits until something happened or the time is over, and turns it into events. False on a cancel or a wake-up.
  bool poll_once(Duration until, int wake_fd, bool heed_cancel = true);
  void read_console();
  void read_errors();
  void read_control();
  void read_hold();
  void process_ended();
  void shut_down(const QmpMessage& message);
  void look_at_screen();
  void screen_saved();
  void emit(MachineEvent event);
  std::optional<std::string> ask(std::string_view human_line, Duration until);
  void wait_until(Duration until);
  // The answer of a command that was sent, and of one that is sent now.
  Result<std::string> answer(const std::string& id, Duration until);
  Result<std::string> command(std::string_view name, Duration until, std::string_view arguments = {}, int fd = -1);
  Status stop_held(Duration until);
  Status check_kvm();

  MachineEnvironment environment_;
  FirmwarePaths firmware_;
  KvmTrust trust_;
  BootSpec spec_;
  std::filesystem::path scratch_;
  std::vector<std::string> argv_;

  std::shared_ptr<PassedDevices> passed_;  // goes back after the child that uses it
  std::optional<Child> child_;
  UniqueFd console_, errors_, screen_, hold_;
  Qmp control_;
  LineSplitter error_lines_{4096};
  std::string words_;
  std::string version_;
  std::string last_answer_, last_answer_id_;
  std::vector<MachineEvent> events_;
  std::string last_screen_;
  Duration screen_due_{0}, console_quiet_until_{0};
  std::optional<Duration> wire_lost_;
  Duration starved_{0}, starved_due_{0};
  bool screen_asked_ = false, triple_fault_ = false, down_ = false, ended_ = false, backlog_ = false;
  bool refused_ = false, past_hold_ = false;  // the last answer was an error; the guest has gone on
  int questions_ = 0;
};

}  // namespace aios::qemu
