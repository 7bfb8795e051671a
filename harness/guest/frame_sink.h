// SPDX-License-Identifier: Apache-2.0
// How a program in a Linux guest sends its frames: each with one write, so that no other program's output comes in
// between, and then it waits until the serial line has taken them. A transmit interrupt that came later would be
// counted in whatever is measured next.
#pragma once

#include <termios.h>
#include <unistd.h>
#include <cerrno>
#include <cstddef>

namespace aios::wire {

// False if it could not be written whole.
inline bool send_bytes(int fd, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  ::tcdrain(fd);  // fails harmlessly where the other end is no terminal
  return true;
}

// finish() and send. False if it did not fit its buffer or could not be written.
template <typename FrameType>
bool send_frame(int fd, FrameType& frame) {
  return frame.finish() && send_bytes(fd, frame.data(), frame.size());
}

}  // namespace aios::wire
