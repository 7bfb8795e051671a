// SPDX-License-Identifier: Apache-2.0
// Who and what this host is, for the provenance.
#pragma once

#include <string>

namespace aios {

struct HostFacts {
  std::string name, kernel, cpu;
};

HostFacts host_facts();

}  // namespace aios
