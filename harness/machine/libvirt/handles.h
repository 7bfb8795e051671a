// SPDX-License-Identifier: Apache-2.0
// libvirt's counted objects, each let go when its owner goes.
#pragma once

#include <libvirt/libvirt.h>

#include <memory>

namespace aios::libvirt {

struct Release {
  void operator()(virConnect* it) const { virConnectClose(it); }
  void operator()(virDomain* it) const { virDomainFree(it); }
  void operator()(virStoragePool* it) const { virStoragePoolFree(it); }
  void operator()(virStorageVol* it) const { virStorageVolFree(it); }
  // A stream that was not finished is given up.
  void operator()(virStream* it) const {
    virStreamAbort(it);
    virStreamFree(it);
  }
};

template <typename T>
using Handle = std::unique_ptr<T, Release>;

}  // namespace aios::libvirt
