// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/qemu_log.h"

#include "harness/support/text.h"

namespace aios::libvirt {
namespace {

// "CPU Reset (CPU 0)", "EAX=00000000 EBX=...", "GDT=     ...", "ES =0000 ...".
bool is_dump(std::string_view line) {
  if (line.starts_with("CPU Reset")) return true;
  const auto equals = line.find('=');
  return equals != std::string_view::npos && equals <= 6 &&
         line.substr(0, equals).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ") == std::string_view::npos;
}

}  // namespace

std::string words_in_log(std::string_view log) {
  std::string words;
  for (const std::string& line : split(log, '\n')) {
    if (!line.empty() && !is_dump(line)) words += line + "\n";
  }
  return words;
}

}  // namespace aios::libvirt
