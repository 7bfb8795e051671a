// SPDX-License-Identifier: Apache-2.0
// What a machine file says of a machine that libvirt keeps ([machine.NAME.libvirt]): which libvirt, where its
// processors and memory lie on the host, and which devices it has besides those that every boot needs.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace aios {

// One node of the guest's NUMA topology. The nodes' memory adds up to the machine's.
struct NumaNode {
  std::string cpus;  // of the guest: "0-1"
  int memory_mb = 0;
  std::string host_nodes;  // where its memory lies on the host: "0"; empty: anywhere
};

struct LibvirtDisk {
  std::string source;          // a file, a block device, or POOL/VOLUME where `kind` is volume
  std::string kind = "file";   // file, block, volume
  std::string format = "raw";  // raw, qcow2
  std::string bus = "virtio";  // virtio, scsi, sata
  std::string cache, io;       // libvirt's words; empty: its defaults
  bool read_only = false;
  bool keep_writes = false;  // otherwise what the guest writes is thrown away
};

struct LibvirtNetwork {
  std::string kind = "user";  // user, network, bridge, direct
  std::string source;         // name of the network, bridge or host interface
  std::string model = "virtio";
  std::string mac;
};

struct LibvirtSettings {
  std::string uri = "qemu:///session";
  std::string pool;                 // storage pool for artifacts on a remote host; empty: "default"
  std::map<int, std::string> pins;  // the guest's processor -> processors of the host ("2", "4-7")
  std::string emulator_pin;         // QEMU's other threads
  std::vector<NumaNode> numa;
  std::string hugepages;  // size of a page: "2M", "1G"; empty: none
  bool lock_memory = false;
  std::vector<std::string> virtio;  // "rng", "balloon", "console"
  std::vector<LibvirtDisk> disks;
  std::vector<LibvirtNetwork> networks;
  std::string emulator;  // path of QEMU on that host; empty: libvirt's own choice
};

}  // namespace aios
