// SPDX-License-Identifier: Apache-2.0
// libvirt's description of the domain as a pure function of the spec and of where its files lie: golden tests hold it
// still. What libvirt has a word for is said in its words and checked against its schema; what it has none for (the
// instruction clock, the counting plugin, devices switched off for exactness) goes to QEMU's own command line.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/machine/boot_spec.h"
#include "harness/support/result.h"

namespace aios::libvirt {

// Names of one boot, and its files as QEMU's host calls them.
struct DomainPlace {
  std::string name, uuid;
  std::string image, initrd;
  std::vector<std::string> disks;  // as spec.disks
  std::string console;             // two pipes, CONSOLE.in and CONSOLE.out; empty: a pty, read through libvirt
  std::string log;                 // where QEMU says why the processor was reset; empty: nowhere
  std::string plugin_out;          // where the counts go, if the spec has a plugin
  std::string ovmf = "/usr/share/ovmf/OVMF.fd";
};

Result<std::string> domain_xml(const BootSpec& spec, const DomainPlace& place);

// What of the spec libvirt cannot do, as a config error.
Status check_spec(const BootSpec& spec, bool remote);

// The words for QEMU that libvirt has no element for.
std::vector<std::string> qemu_words(const BootSpec& spec, const DomainPlace& place);

}  // namespace aios::libvirt
