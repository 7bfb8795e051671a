// SPDX-License-Identifier: Apache-2.0
// How a domain is ended, whatever has become of it and of its daemon, and what is said of the boot at the end.
#include <fmt/format.h>
#include <libvirt/libvirt-qemu.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/libvirt_machine.h"
#include "harness/machine/libvirt/process_lookup.h"
#include "harness/machine/libvirt/qemu_log.h"
#include "harness/machine/qemu/command_line.h"

namespace aios::libvirt {

void LibvirtMachine::destroy(EndReport& report, Duration until) {
  if (!domain_ && lost_) return end_orphan(report, until);
  if (!domain_) return;
  // A guest that turned itself off is being taken down by libvirt: what its plugin writes at the end is waited for.
  if (down_ && !ended_ && !lost_) wait_until(until);
  if (!ended_ && !lost_ && virDomainDestroy(domain_.get()) != 0 && is_lost(last_code())) lost_ = true;
  if (!lost_) return;
  domain_.reset();
  end_orphan(report, until);
}

// The daemon went away. One that came back still has the domain, and knows nothing of autodestroy.
void LibvirtMachine::end_orphan(EndReport& report, Duration until) {
  constexpr Duration kAgain = std::chrono::milliseconds(20);
  const std::string& uri = connection_->uri();
  for (;;) {
    const auto again = Connection::open(uri);
    const Handle<virDomain> left(again.ok() ? virDomainLookupByUUIDString(again->get(), uuid_.c_str()) : nullptr);
    if (left && virDomainDestroy(left.get()) == 0) {
      report.notes.push_back("the domain outlived its daemon, and was destroyed");
      return;
    }
    if (const int pid = elsewhere_ ? -1 : find_process(uuid_); pid > 0 && ::kill(pid, SIGTERM) == 0) {
      report.notes.push_back("the domain outlived its daemon: its QEMU was ended directly");
      return;
    }
    if (again.ok() || now() >= until) break;
    std::this_thread::sleep_for(kAgain);
  }
  report.notes.push_back(fmt::format(
      "the connection to {} was lost; should the domain live on: virsh -c '{}' destroy {}", uri, uri, name_));
}

void LibvirtMachine::deregister() {
  if (!connection_) return;
  virConnect* const connect = connection_->get();
  if (stream_) {
    if (stream_watched_) virStreamEventRemoveCallback(stream_.get());
    if (stream_watched_ && !connection_->loop().come_round()) (void)stream_mail_.release();  // rather lost than used
    stream_.reset();
  }
  if (monitor_ >= 0) virConnectDomainQemuMonitorEventDeregister(connect, monitor_);
  if (lifecycle_ >= 0) virConnectDomainEventDeregisterAny(connect, lifecycle_);
  monitor_ = lifecycle_ = -1;
}

EndReport LibvirtMachine::end(Duration at_most) {
  EndReport report;
  report.command = xml_;
  report.version = version_;
  report.fidelity = xml_.empty() ? Fidelity::timed : qemu::fidelity_of(spec_);
  report.devices = devices_;
  if (over_) return report;
  over_ = true;
  if (asked_for_) destroy(report, now() + at_most);
  if (artifacts_) report.words = words_in_log(log());
  if (artifacts_) {
    if (const Status brought = artifacts_->bring_back(spec_); !brought.ok()) {
      report.notes.push_back(brought.error().describe());
    }
  }
  ended_ = true;
  const auto no_longer_exact = [&](std::string why) {
    if (report.fidelity != Fidelity::exact) return;
    report.notes.push_back("not exact: " + std::move(why));
    report.fidelity = Fidelity::counted;
  };
  for (const auto& device : qemu::devices_on_host_time(report.devices)) {
    no_longer_exact(fmt::format("the machine has a device that completes on the host's time ({})", device));
  }
  if (domain_ && devices_.empty()) no_longer_exact("QEMU did not say which devices it has");
  if (backlog_) no_longer_exact("the console was full for a while, and a guest can see that");
  if (elsewhere_) no_longer_exact("its console is a pty, which holds little, and a guest can see that it is full");
  if (mail_ && mail_->overflowed()) report.notes.push_back("the console said more than could be held");
  let_go();
  return report;
}

void LibvirtMachine::let_go() {
  deregister();
  domain_.reset();
  artifacts_.reset();
  console_.reset();
  keys_.reset();
  if (connection_ && close_watched_) {
    virConnectUnregisterCloseCallback(connection_->get(), nullptr);
  }
  connection_.reset();
}

LibvirtMachine::~LibvirtMachine() {
  if (!over_) (void)end(Duration{0});
  let_go();
}

}  // namespace aios::libvirt
