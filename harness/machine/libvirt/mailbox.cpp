// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/mailbox.h"

#include <sys/eventfd.h>

#include <cstdint>

namespace aios::libvirt {
namespace {

constexpr std::size_t kMostUnread = 16U << 20;

}  // namespace

Mailbox::Mailbox() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Mailbox::put(Letter letter) {
  const std::lock_guard lock(mutex_);
  if (letter.fact == Fact::console && bytes_ + letter.text.size() > kMostUnread) {
    overflowed_ = true;
    return;
  }
  bytes_ += letter.text.size();
  letters_.push_back(std::move(letter));
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(fd_.get(), &one, sizeof one);
}

std::vector<Letter> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(fd_.get(), &count, sizeof count);
  bytes_ = 0;
  return std::exchange(letters_, {});
}

bool Mailbox::overflowed() const {
  const std::lock_guard lock(mutex_);
  return overflowed_;
}

}  // namespace aios::libvirt
