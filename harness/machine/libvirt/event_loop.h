// SPDX-License-Identifier: Apache-2.0
// The thread on which libvirt tells what happened. libvirt knows one event loop a process and wants it registered
// before the first connection; nothing of that is ours to choose. What is: the loop is libvirt's own
// (virEventRunDefaultImpl: it knows how its connections share a socket between callers and events), it runs on a thread
// of its own, because several machines wait at the same time and keep-alive answers must go out while none does, and
// that thread lives as long as somebody holds it.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "harness/support/result.h"

namespace aios::libvirt {

class EventLoop {
 public:
  // The one that runs, or a new one.
  static Result<std::shared_ptr<EventLoop>> share();
  ~EventLoop();
  // Waits until the thread has been round once, at most a second: then no call that it was in is under way any more.
  bool come_round();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

 private:
  EventLoop() = default;
  Status start();

  std::atomic<bool> stop_{false};
  int wake_ = -1;  // libvirt's timer that ends the waiting
  std::thread thread_;
};

}  // namespace aios::libvirt
