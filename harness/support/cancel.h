// SPDX-License-Identifier: Apache-2.0
// How Ctrl-C reaches everything that takes long. A CancelToken is set once (safe from a signal handler), can be asked,
// and has a file descriptor that becomes readable, so that every poll loop can wait for it beside its own work.
#pragma once

#include <atomic>

#include "harness/support/result.h"

namespace aios {

class CancelToken {
 public:
  CancelToken();
  ~CancelToken();
  CancelToken(const CancelToken&) = delete;
  CancelToken& operator=(const CancelToken&) = delete;

  void cancel() noexcept;  // async-signal-safe
  bool cancelled() const noexcept { return cancelled_.load(std::memory_order_relaxed); }
  int fd() const noexcept { return fd_; }  // readable once cancelled
  Status check() const;                    // an `interrupted` error once cancelled

 private:
  std::atomic<bool> cancelled_{false};
  int fd_ = -1;
};

}  // namespace aios
