// SPDX-License-Identifier: Apache-2.0
// Makes the guest a place where programs can run: file systems, console, loopback, modules, kernel settings. Each part
// reports what failed and goes on; a kernel without some of it is a kernel that the scenarios then measure as it is.
#pragma once

namespace aios::init {

void set_up_file_systems();
void set_up_console();  // standard input and output, when the kernel gave none
void set_up_loopback();
void set_console_level(int level);
void apply_sysctl(char* setting);  // "key=value"
void load_module(const char* path, const char* const* parameters);

}  // namespace aios::init
