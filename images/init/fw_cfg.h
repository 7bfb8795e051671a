// SPDX-License-Identifier: Apache-2.0
// A file that QEMU hands over through its configuration device (fw_cfg), read through its two ports. Synchronous: what
// is read, and what reading costs, hangs on nothing but the instructions executed. Needs CONFIG_X86_IOPL_IOPERM; the
// kernel's own driver is a module in many kernels, and remembers sizes from before a guest was saved.
#pragma once

#include <cstddef>

namespace aios::init {

bool allow_fw_cfg(bool allowed);  // false with errno set: the kernel keeps the ports to itself
// The file's content, terminated, cut where the buffer ends; its length, or -1 when there is no such file.
long read_fw_cfg(const char* name, char* buffer, std::size_t size);

}  // namespace aios::init
