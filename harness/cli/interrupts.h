// SPDX-License-Identifier: Apache-2.0
// Turns Ctrl-C and SIGTERM into a CancelToken, without a global: the signals are blocked in every thread and one thread
// waits for them. A second Ctrl-C ends the process at once (children die with it).
#pragma once

#include <thread>

#include "harness/support/cancel.h"

namespace aios {

class Interrupts {
 public:
  explicit Interrupts(CancelToken& cancel);  // before any other thread is started
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

 private:
  std::thread waiter_;
};

}  // namespace aios
