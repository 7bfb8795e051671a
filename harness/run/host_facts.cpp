// SPDX-License-Identifier: Apache-2.0
#include "harness/run/host_facts.h"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <fstream>

#include "harness/support/text.h"

namespace aios {

HostFacts host_facts() {
  HostFacts out;
  utsname names{};
  if (::uname(&names) == 0) {
    out.name = names.nodename;
    out.kernel = fmt::format("{} {} {}", names.sysname, names.release, names.machine);
  }
  std::ifstream cpus("/proc/cpuinfo");
  for (std::string line; out.cpu.empty() && std::getline(cpus, line);) {
    const auto colon = line.find(':');
    if (colon != std::string::npos && line.starts_with("model name")) out.cpu = trim(line.substr(colon + 1));
  }
  return out;
}

}  // namespace aios
