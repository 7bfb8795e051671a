// SPDX-License-Identifier: Apache-2.0
// A file that an operation makes in the context's folder and removes again.
#pragma once

#include <linux/fcntl.h>

#include "scenarios/operation.h"
#include "scenarios/sys.h"

namespace aios::scenario {

struct SmallFile {
  char path[128] = {};
  long fd = -1;

  // The folder and the name joined; the file open for reading and writing. False: see fd for the error.
  bool create(const Context& context, const char* name, long mode = 0600) {
    unsigned at = 0;
    append(context.folder, at);
    append("/", at);
    append(name, at);
    fd = sys::open(path, O_RDWR | O_CREAT | O_TRUNC, mode);
    return fd >= 0;
  }
  bool write_all(const void* from, long size) const {
    const auto* bytes = static_cast<const char*>(from);
    while (size > 0) {
      const long written = sys::write(fd, bytes, size);
      if (written <= 0) return false;
      bytes += written;
      size -= written;
    }
    return true;
  }
  void append(const char* part, unsigned& at) {
    while (*part != '\0' && at < sizeof path - 1) path[at++] = *part++;
    path[at] = '\0';
  }
  void remove() {
    if (fd >= 0) sys::close(fd);
    if (path[0] != '\0') sys::unlink(path);
    fd = -1;
  }
};

}  // namespace aios::scenario
