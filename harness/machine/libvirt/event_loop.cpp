// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/event_loop.h"

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <pthread.h>

#include <csignal>
#include <future>
#include <memory>
#include <mutex>

#include "harness/machine/libvirt/errors.h"

namespace aios::libvirt {
namespace {

void do_nothing(int /*timer*/, void* /*unused*/) {}

void tell_and_go(int timer, void* promise) {
  virEventRemoveTimeout(timer);
  std::unique_ptr<std::promise<void>>(static_cast<std::promise<void>*>(promise))->set_value();
}

void say_nothing(void* /*unused*/, virErrorPtr /*error*/) {}

}  // namespace

Result<std::shared_ptr<EventLoop>> EventLoop::share() {
  static std::mutex mutex;
  static std::weak_ptr<EventLoop> running;
  static bool registered = false;
  const std::lock_guard lock(mutex);
  if (auto loop = running.lock()) return loop;
  if (!registered) {
    if (virInitialize() != 0 || virEventRegisterDefaultImpl() != 0) return last_error("libvirt cannot be used", {});
    virSetErrorFunc(nullptr, say_nothing);  // otherwise it prints to standard error
    // It writes to its socket whether or not the daemon still reads.
    ::signal(SIGPIPE, SIG_IGN);
    registered = true;
  }
  std::shared_ptr<EventLoop> loop(new EventLoop());
  TRY(loop->start());
  running = loop;
  return loop;
}

Status EventLoop::start() {
  wake_ = virEventAddTimeout(-1, do_nothing, nullptr, nullptr);
  if (wake_ < 0) return last_error("libvirt's event loop cannot be started", {});
  // Signals are for the main thread.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] {
    while (!stop_.load() && virEventRunDefaultImpl() == 0) {
    }
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return {};
}

bool EventLoop::come_round() {
  auto promise = std::make_unique<std::promise<void>>();
  auto told = promise->get_future();
  if (virEventAddTimeout(0, tell_and_go, promise.get(), nullptr) < 0) return false;
  (void)promise.release();  // whoever is told frees it
  return told.wait_for(std::chrono::seconds(1)) == std::future_status::ready;
}

EventLoop::~EventLoop() {
  if (!thread_.joinable()) return;
  stop_.store(true);
  virEventUpdateTimeout(wake_, 0);
  thread_.join();
  virEventRemoveTimeout(wake_);
}

}  // namespace aios::libvirt
