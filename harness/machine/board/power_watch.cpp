// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/board/power_watch.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace aios::board {
namespace {

// One answer that is lost on the way says nothing.
constexpr int kFailuresThatCount = 2;

}  // namespace

PowerWatch::PowerWatch(PowerSwitch power, Duration every)
    : power_(std::move(power)), every_(every), news_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (every_ > Duration{0}) thread_ = std::thread([this] { watch(); });
}

PowerWatch::~PowerWatch() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::optional<PowerNews> PowerWatch::take() {
  const std::lock_guard lock(mutex_);
  std::uint64_t count = 0;
  if (::read(news_fd_.get(), &count, sizeof count) < 0) return std::nullopt;
  return std::exchange(news_, std::nullopt);
}

void PowerWatch::watch() {
  int failures = 0;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, every_, [this] { return stop_; })) {
    lock.unlock();
    const Result<bool> on = power_.is_on();
    lock.lock();
    failures = on.ok() ? 0 : failures + 1;
    const bool off = on.ok() && !*on;
    if (!off && failures < kFailuresThatCount) continue;
    news_ = PowerNews{.off = off, .no_answer = on.ok() ? std::string() : on.error().what};
    const std::uint64_t one = 1;
    if (::write(news_fd_.get(), &one, sizeof one) < 0) continue;
    return;
  }
}

}  // namespace aios::board
