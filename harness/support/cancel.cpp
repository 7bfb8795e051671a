// SPDX-License-Identifier: Apache-2.0
#include "harness/support/cancel.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

namespace aios {

CancelToken::CancelToken() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

CancelToken::~CancelToken() {
  if (fd_ >= 0) close(fd_);
}

void CancelToken::cancel() noexcept {
  cancelled_.store(true, std::memory_order_relaxed);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(fd_, &one, sizeof one);
}

Status CancelToken::check() const {
  if (cancelled()) return interrupted();
  return {};
}

}  // namespace aios
