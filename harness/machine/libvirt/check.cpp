// SPDX-License-Identifier: Apache-2.0
// What a machine of libvirt needs: a daemon that answers, QEMU where that runs, the accelerator, a pool for a machine
// on another host, huge pages, and no domain that a killed harness left.
#include <fmt/format.h>
#include <libvirt/libvirt.h>
#include <signal.h>

#include <charconv>

#include "harness/machine/libvirt/errors.h"
#include "harness/machine/libvirt/libvirt_machine.h"

namespace aios::libvirt {
namespace {

constexpr std::string_view kNamePrefix = "aios-bench-";

std::string take(char* text) {
  std::string out = text == nullptr ? "" : text;
  std::free(text);  // NOLINT: libvirt's strings are malloc's
  return out;
}

void check_emulator(const Connection& connection, const MachineSpec& spec, MachineFindings& out) {
  const bool kvm = spec.accelerator == "kvm";
  const std::string& emulator = spec.libvirt->emulator;
  const std::string facts =
      take(virConnectGetDomainCapabilities(connection.get(), emulator.empty() ? nullptr : emulator.c_str(), "x86_64",
                                           spec.board.c_str(), kvm ? "kvm" : "qemu", 0));
  if (!facts.empty()) return;
  out.push_back({Health::missing, last_message(),
                 kvm ? "KVM has to be there on that host, and its user in the group kvm; accelerator = \"tcg\" emulates"
                     : "install QEMU where libvirt runs: apt-get install qemu-system-x86"});
}

void check_pool(const Connection& connection, const LibvirtSettings& settings, MachineFindings& out) {
  const std::string name = settings.pool.empty() ? "default" : settings.pool;
  const Handle<virStoragePool> pool(virStoragePoolLookupByName(connection.get(), name.c_str()));
  if (pool && virStoragePoolIsActive(pool.get()) == 1) return;
  out.push_back({Health::missing, fmt::format("storage pool '{}' is not there, or not active", name),
                 fmt::format("virsh -c '{0}' pool-define-as {1} dir --target FOLDER; virsh -c '{0}' pool-start {1}",
                             settings.uri, name)});
}

void check_hugepages(const Connection& connection, const LibvirtSettings& settings, MachineFindings& out) {
  if (settings.hugepages.empty()) return;
  unsigned kib = settings.hugepages == "1G" ? 1U << 20 : 2U << 10;
  unsigned long long free_pages[1] = {};
  if (virNodeGetFreePages(connection.get(), 1, &kib, -1, 1, free_pages, 0) > 0 && free_pages[0] > 0) return;
  out.push_back({Health::missing, fmt::format("no free huge pages of {}", settings.hugepages),
                 settings.hugepages == "2M" ? "sysctl vm.nr_hugepages=N on that host"
                                            : "hugepagesz=1G hugepages=N on its kernel command line"});
}

// Whose harness is no more. Autodestroy takes them down; a daemon that was killed, too, cannot.
void check_left_behind(const Connection& connection, bool remote, MachineFindings& out) {
  virDomainPtr* domains = nullptr;
  const int count = virConnectListAllDomains(connection.get(), &domains, VIR_CONNECT_LIST_DOMAINS_ACTIVE);
  for (int i = 0; i < count; ++i) {
    const Handle<virDomain> domain(domains[i]);
    const std::string_view name = virDomainGetName(domain.get());
    if (remote || !name.starts_with(kNamePrefix)) continue;
    int pid = 0;
    const auto digits = name.substr(kNamePrefix.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), pid);
    if (pid > 0 && ::kill(pid, 0) != 0 && errno == ESRCH) {
      out.push_back({Health::limited, fmt::format("domain {} was left by a harness that is no more", name),
                     fmt::format("virsh -c '{}' destroy {}", connection.uri(), name)});
    }
  }
  std::free(domains);  // NOLINT: libvirt's lists are malloc's
}

}  // namespace

MachineFindings check(const MachineSpec& spec, const MachineEnvironment& /*environment*/) {
  MachineSpec machine = spec;
  if (!machine.libvirt) machine.libvirt.emplace();
  const LibvirtSettings& settings = *machine.libvirt;
  const auto connection = Connection::open(settings.uri);
  if (!connection.ok()) {
    return {{Health::missing, fmt::format("{}: {}", settings.uri, connection.error().what), connection.error().hint}};
  }
  const UriFacts facts = uri_facts(settings.uri);
  MachineFindings out{{Health::good, connection->versions(), {}}};
  check_emulator(*connection, machine, out);
  if (facts.remote || !settings.pool.empty()) check_pool(*connection, settings, out);
  check_hugepages(*connection, settings, out);
  check_left_behind(*connection, facts.remote, out);
  return out;
}

}  // namespace aios::libvirt
