// SPDX-License-Identifier: Apache-2.0
// The files of one boot where QEMU can read them. On this host they are copies (libvirt gives them to QEMU's user while
// the domain runs) in a folder that only who knows its name gets into; on another host they are volumes of a storage
// pool. Both are gone when the object goes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/machine/libvirt/connection.h"
#include "harness/machine/libvirt/domain_xml.h"

namespace aios::libvirt {

class Artifacts {
 public:
  Artifacts() = default;
  Artifacts(Artifacts&&) = default;
  Artifacts& operator=(Artifacts&&) = default;
  ~Artifacts();

  // Copies into `scratch`. `shared`: QEMU runs as another user than we do.
  static Result<Artifacts> here(const BootSpec& spec, const std::filesystem::path& scratch, DomainPlace names,
                                bool shared);
  static Result<Artifacts> uploaded(const Connection& connection, const std::string& pool, const BootSpec& spec,
                                    DomainPlace names);

  const DomainPlace& place() const { return place_; }
  // The spec as the domain gets it: what the plugin reads and writes lies in the folder, too.
  const BootSpec& spec() const { return spec_; }
  // What QEMU wrote goes to where the spec wants it.
  Status bring_back(const BootSpec& wanted) const;
  void remove();

 private:
  Status copy(const std::filesystem::path& from, const char* name, std::string& to);
  Status writable(const char* name, std::string& to);
  Status upload(virStoragePool* pool, const std::filesystem::path& from, const std::string& name, std::string& to);

  DomainPlace place_;
  BootSpec spec_;
  std::filesystem::path folder_;
  bool shared_ = false;
  std::vector<Handle<virStorageVol>> volumes_;
};

}  // namespace aios::libvirt
