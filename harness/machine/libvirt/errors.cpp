// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/errors.h"

#include <fmt/format.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "harness/support/text.h"

namespace aios::libvirt {
namespace {

// What another machine file would mend.
bool is_about_the_file(int code, const std::string& message) {
  switch (code) {
    case VIR_ERR_XML_ERROR:
    case VIR_ERR_XML_DETAIL:
    case VIR_ERR_XML_INVALID_SCHEMA:
    case VIR_ERR_CONFIG_UNSUPPORTED:
    case VIR_ERR_INVALID_ARG:
    case VIR_ERR_NO_SUPPORT:
    case VIR_ERR_NO_STORAGE_POOL:
    case VIR_ERR_NO_STORAGE_VOL:
    case VIR_ERR_NO_NETWORK:
    case VIR_ERR_UNKNOWN_HOST:
      return true;
    default:
      // What QEMU and the host's kernel say of NUMA nodes, processors and huge pages comes as an internal error.
      for (const char* word : {"hugetlbfs", "huge page", "NUMA", "cpuset", "Cannot access storage file"}) {
        if (message.find(word) != std::string::npos) return true;
      }
      return false;
  }
}

}  // namespace

std::string last_message() {
  const char* message = virGetLastErrorMessage();
  return printable(message == nullptr ? "" : message);
}

int last_code() { return virGetLastErrorCode(); }

bool is_lost(int code) {
  return code == VIR_ERR_RPC || code == VIR_ERR_INVALID_CONN || code == VIR_ERR_NO_CONNECT ||
         code == VIR_ERR_SYSTEM_ERROR;
}

Error last_error(std::string what, std::string where) {
  const std::string message = last_message();
  what = fmt::format("{}: {}", what, message);
  if (is_about_the_file(last_code(), message)) {
    return config_error(std::move(what), std::move(where), "see the machine's table in its machine file");
  }
  return infra_fault(std::move(what), std::move(where), "aios-bench doctor says what libvirt lacks");
}

}  // namespace aios::libvirt
