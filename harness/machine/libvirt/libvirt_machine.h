// SPDX-License-Identifier: Apache-2.0
// A machine that libvirt keeps: a transient domain that goes with the connection it was made over (autodestroy), made
// paused, its console open before its first instruction. What happens to it comes as libvirt's events through a
// mailbox; one ppoll serves that and the console.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/machine/libvirt/artifacts.h"
#include "harness/machine/libvirt/connection.h"
#include "harness/machine/libvirt/mailbox.h"
#include "harness/machine/machine.h"
#include "harness/machine/machine_check.h"

namespace aios::libvirt {

// For the list of machines and the table of back ends.
std::vector<MachineSpec> machine_specs(const MachineSpec& bounded, const MachineSpec& exact);
std::unique_ptr<Machine> make(const MachineEnvironment& environment);
MachineFindings check(const MachineSpec& spec, const MachineEnvironment& environment);

class LibvirtMachine final : public Machine {
 public:
  explicit LibvirtMachine(const MachineEnvironment& environment) : environment_(environment) {}
  ~LibvirtMachine() override;
  LibvirtMachine(const LibvirtMachine&) = delete;
  LibvirtMachine& operator=(const LibvirtMachine&) = delete;

  Status prepare(const BootSpec& spec, const std::filesystem::path& scratch) override;
  Status boot() override;
  Result<std::vector<MachineEvent>> wait(Duration at_most, int wake_fd) override;
  Status talk(std::string_view bytes) override;
  Diagnosis diagnose(Duration at_most, bool sysrq) override;
  Duration starved() override;
  EndReport end(Duration at_most) override;

  const std::string& name() const { return name_; }  // for tests of what is left behind

 private:
  Duration now() const { return environment_.clock->monotonic(); }
  void emit(MachineEvent event);
  Status open_pipes();
  Status open_stream();
  Status listen();
  Status create();
  bool poll_once(Duration until, int wake_fd, bool heed_cancel = true);
  void read_console();
  void read_mail();
  void shut_down(const std::string& json);
  void stopped(int detail);
  void look_at_screen();
  void wait_until(Duration until);
  // What QEMU's human monitor answers; nullopt: it does not.
  std::optional<std::string> ask(const char* line);
  std::string log() const;
  void destroy(EndReport& report, Duration until);
  void end_orphan(EndReport& report, Duration until);
  void deregister();
  void let_go();

  MachineEnvironment environment_;
  BootSpec spec_;
  bool elsewhere_ = false;
  std::string name_, xml_, version_, uuid_;

  std::optional<Connection> connection_;
  std::optional<Artifacts> artifacts_;
  Handle<virDomain> domain_;
  Handle<virStream> stream_;
  std::shared_ptr<Mailbox> mail_;
  std::unique_ptr<std::shared_ptr<Mailbox>> stream_mail_;
  int lifecycle_ = -1, monitor_ = -1;
  bool close_watched_ = false, stream_watched_ = false;

  UniqueFd console_, keys_;
  std::vector<MachineEvent> events_;
  std::vector<std::string> devices_;
  std::string last_screen_;
  Duration screen_due_{0}, console_quiet_until_{0};
  Duration starved_{0}, starved_due_{0};
  int process_ = 0;  // QEMU's, on this host; 0: not looked for, -1: not found
  bool down_ = false, ended_ = false, lost_ = false, backlog_ = false, over_ = false;
  bool asked_for_ = false;  // a domain may be there, whatever came of the question
};

}  // namespace aios::libvirt
