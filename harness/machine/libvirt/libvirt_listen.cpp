// SPDX-License-Identifier: Apache-2.0
// What libvirt calls on its own thread: it only puts letters into the machine's mailbox.
#include <libvirt/libvirt-qemu.h>
#include <libvirt/virterror.h>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/libvirt_machine.h"

namespace aios::libvirt {
namespace {

using SharedMail = std::shared_ptr<Mailbox>;

// libvirt holds its own share of the mailbox for as long as it may call.
void* share(const SharedMail& mail) { return new SharedMail(mail); }
void unshare(void* opaque) { delete static_cast<SharedMail*>(opaque); }
Mailbox& mailbox(void* opaque) { return **static_cast<SharedMail*>(opaque); }

int on_lifecycle(virConnectPtr /*connect*/, virDomainPtr /*domain*/, int event, int detail, void* opaque) {
  if (event == VIR_DOMAIN_EVENT_STOPPED) mailbox(opaque).put({Fact::stopped, {}, detail});
  if (event == VIR_DOMAIN_EVENT_CRASHED) mailbox(opaque).put({Fact::crashed, {}, detail});
  if (event == VIR_DOMAIN_EVENT_SUSPENDED && detail == VIR_DOMAIN_EVENT_SUSPENDED_IOERROR) {
    mailbox(opaque).put({Fact::crashed, "paused by an error of a disk", detail});
  }
  return 0;
}

void on_qemu_event(virConnectPtr /*connect*/, virDomainPtr /*domain*/, const char* /*event*/, long long /*seconds*/,
                   unsigned int /*micros*/, const char* details, void* opaque) {
  mailbox(opaque).put({Fact::shutdown, details == nullptr ? "" : details, 0});
}

void on_close(virConnectPtr /*connect*/, int reason, void* opaque) {
  const char* why = reason == VIR_CONNECT_CLOSE_REASON_KEEPALIVE ? "the daemon does not answer"
                    : reason == VIR_CONNECT_CLOSE_REASON_EOF     ? "the daemon went away"
                                                                 : "the connection broke";
  mailbox(opaque).put({Fact::lost, why, reason});
}

void on_stream(virStreamPtr stream, int events, void* opaque) {
  char buffer[16384];
  while ((events & VIR_STREAM_EVENT_READABLE) != 0) {
    const int got = virStreamRecv(stream, buffer, sizeof buffer);
    if (got == -2) break;  // nothing more for now
    if (got <= 0) {
      virStreamEventUpdateCallback(stream, 0);
      mailbox(opaque).put({Fact::console_closed, {}, 0});
      return;
    }
    mailbox(opaque).put({Fact::console, std::string(buffer, static_cast<std::size_t>(got)), 0});
  }
  if ((events & (VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP)) != 0) {
    virStreamEventUpdateCallback(stream, 0);
    mailbox(opaque).put({Fact::console_closed, {}, 0});
  }
}

}  // namespace

Status LibvirtMachine::listen() {
  virConnect* const connect = connection_->get();
  void* const mail = share(mail_);
  lifecycle_ = virConnectDomainEventRegisterAny(connect, domain_.get(), VIR_DOMAIN_EVENT_ID_LIFECYCLE,
                                                VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), mail, unshare);
  if (lifecycle_ < 0) {
    unshare(mail);
    return last_error("libvirt does not tell what happens to the domain", connection_->uri());
  }
  void* const qemu_mail = share(mail_);
  monitor_ = virConnectDomainQemuMonitorEventRegister(connect, domain_.get(), "SHUTDOWN", on_qemu_event, qemu_mail,
                                                      unshare, 0);
  if (monitor_ < 0) {
    unshare(qemu_mail);
    return last_error("libvirt does not hand on QEMU's events", connection_->uri());
  }
  // A driver in this process has no connection that could be lost.
  void* const close_mail = share(mail_);
  close_watched_ = virConnectRegisterCloseCallback(connect, on_close, close_mail, unshare) == 0;
  if (!close_watched_) unshare(close_mail);
  return {};
}

Status LibvirtMachine::open_stream() {
  stream_.reset(virStreamNew(connection_->get(), VIR_STREAM_NONBLOCK));
  if (!stream_ || virDomainOpenConsole(domain_.get(), nullptr, stream_.get(), VIR_DOMAIN_CONSOLE_FORCE) != 0) {
    return last_error("the console cannot be opened", name_);
  }
  // libvirt's remote driver never frees what a stream's callback was given (it asks for a callback that is no more, and
  // never forgets one): this share is the machine's own, and outlives the last call.
  stream_mail_ = std::make_unique<SharedMail>(mail_);
  if (virStreamEventAddCallback(stream_.get(),
                                VIR_STREAM_EVENT_READABLE | VIR_STREAM_EVENT_ERROR | VIR_STREAM_EVENT_HANGUP, on_stream,
                                stream_mail_.get(), nullptr) != 0) {
    return last_error("the console cannot be listened to", name_);
  }
  stream_watched_ = true;
  return {};
}

}  // namespace aios::libvirt
