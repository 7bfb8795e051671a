// SPDX-License-Identifier: Apache-2.0
// A connection to one libvirt: opened from its URI, with keep-alive, so that a daemon that stops answering is noticed,
// and with the event loop running for as long as it is open.
#pragma once

#include <memory>
#include <string>

#include "harness/machine/libvirt/event_loop.h"
#include "harness/machine/libvirt/handles.h"

namespace aios::libvirt {

// Where a URI leads: the paths of this computer mean something there or they do not.
struct UriFacts {
  bool remote = false;   // another host: artifacts are uploaded, the console is a stream
  bool session = false;  // as the user who runs the daemon, without privileges
  bool embedded = false;
};
UriFacts uri_facts(const std::string& uri);

class Connection {
 public:
  // An infra_fault says how a daemon is started where there is none.
  static Result<Connection> open(const std::string& uri);

  virConnect* get() const { return handle_.get(); }
  const std::string& uri() const { return uri_; }
  EventLoop& loop() const { return *loop_; }
  bool alive() const { return virConnectIsAlive(handle_.get()) == 1; }
  // "QEMU 7.2.22, libvirt 9.0.0"
  std::string versions() const;

 private:
  Connection(std::shared_ptr<EventLoop> loop, Handle<virConnect> handle, std::string uri)
      : loop_(std::move(loop)), handle_(std::move(handle)), uri_(std::move(uri)) {}
  std::shared_ptr<EventLoop> loop_;  // goes after the handle
  Handle<virConnect> handle_;
  std::string uri_;
};

}  // namespace aios::libvirt
