// SPDX-License-Identifier: Apache-2.0
// The devices of a domain: console, drives, networks, what is passed through, and nothing that nobody asked for.
#pragma once

#include "harness/machine/libvirt/domain_xml.h"
#include "harness/machine/libvirt/xml_writer.h"

namespace aios::libvirt {

void write_devices(XmlWriter& xml, const BootSpec& spec, const LibvirtSettings& settings, const DomainPlace& place);

bool is_exact(const BootSpec& spec);
bool has_sata(const BootSpec& spec);

}  // namespace aios::libvirt
