// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/connection.h"

#include <fmt/format.h>

#include "harness/machine/libvirt/errors.h"

namespace aios::libvirt {
namespace {

// Answers are asked for so often, and missed so often before the connection is given up: 15 s.
constexpr int kKeepAliveSeconds = 5;
constexpr unsigned kKeepAliveMisses = 3;

std::string how_to_start(const UriFacts& facts, const std::string& uri) {
  if (facts.remote) return fmt::format("try it by hand: virsh -c '{}' version", uri);
  if (facts.embedded) return "the package libvirt-daemon-driver-qemu has the driver";
  if (facts.session) {
    return "start one as this user: virtlogd --daemon && libvirtd --daemon   (apt-get install libvirt-daemon "
           "libvirt-daemon-driver-qemu; root takes uri = \"qemu:///system\")";
  }
  return "start one: systemctl start libvirtd   (apt-get install libvirt-daemon-system; you need the group libvirt)";
}

// Nobody is there to type a password for ssh.
std::string without_questions(const std::string& uri) {
  const auto scheme = uri.substr(0, uri.find("://"));
  if (scheme.find("+ssh") == std::string::npos || uri.find("no_tty=") != std::string::npos) return uri;
  return uri + (uri.find('?') == std::string::npos ? "?" : "&") + "no_tty=1";
}

std::string dotted(unsigned long version) {
  return fmt::format("{}.{}.{}", version / 1'000'000, version / 1'000 % 1'000, version % 1'000);
}

}  // namespace

UriFacts uri_facts(const std::string& uri) {
  UriFacts facts;
  const auto scheme_end = uri.find("://");
  if (scheme_end == std::string::npos) return facts;
  const auto path = uri.find('/', scheme_end + 3);
  facts.remote = path != scheme_end + 3;
  const std::string_view rest = path == std::string::npos ? std::string_view() : std::string_view(uri).substr(path);
  facts.session = rest.starts_with("/session");
  facts.embedded = rest.starts_with("/embed");
  return facts;
}

Result<Connection> Connection::open(const std::string& uri) {
  std::shared_ptr<EventLoop> loop = TRY(EventLoop::share());
  Handle<virConnect> handle(virConnectOpen(without_questions(uri).c_str()));
  if (!handle) {
    return infra_fault(fmt::format("no libvirt answers: {}", last_message()), uri, how_to_start(uri_facts(uri), uri));
  }
  // A driver in this process has none; that is no fault.
  (void)virConnectSetKeepAlive(handle.get(), kKeepAliveSeconds, kKeepAliveMisses);
  return Connection(std::move(loop), std::move(handle), uri);
}

std::string Connection::versions() const {
  unsigned long hypervisor = 0, library = 0;
  virConnectGetVersion(handle_.get(), &hypervisor);
  virConnectGetLibVersion(handle_.get(), &library);
  const char* type = virConnectGetType(handle_.get());
  return fmt::format("{} {}, libvirt {}", type == nullptr ? "?" : type, dotted(hypervisor), dotted(library));
}

}  // namespace aios::libvirt
