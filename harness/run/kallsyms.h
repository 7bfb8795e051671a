// SPDX-License-Identifier: Apache-2.0
// The symbols that a Linux image carries for itself (CONFIG_KALLSYMS), read from the unpacked kernel's bytes: all
// functions of a distribution's kernel that ships neither symbols nor System.map. Nothing is booted, and no guest is
// asked. Every part is held against the others (tokens against their index, names against their markers), so that what
// is no such table is not taken for one.
#pragma once

#include <string_view>
#include <vector>

#include "harness/run/symbol_table.h"

namespace aios {

// Empty where no table was found, or one of a layout that is not known (known: Linux 4.6 to 6.14).
// `data`: data have names, too.
std::vector<CodeSymbol> kallsyms_symbols(std::string_view vmlinux, bool data = false);

}  // namespace aios
