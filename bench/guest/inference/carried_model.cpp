// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/carried_model.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

extern "C" const char aios_model_begin[];
extern "C" const char aios_model_end[];

namespace aios::inference {

bool write_carried_model(const std::string& file, std::string& error) {
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const char* at = aios_model_begin;
  bool good = out >= 0;
  while (good && at < aios_model_end) {
    const ssize_t written = ::write(out, at, static_cast<std::size_t>(aios_model_end - at));
    good = written > 0 || (written < 0 && errno == EINTR);
    if (written > 0) at += written;
  }
  if (!good) error = "the model cannot be written to " + file + ": " + std::strerror(errno);
  if (out >= 0) ::close(out);
  return good;
}

}  // namespace aios::inference
