// SPDX-License-Identifier: Apache-2.0
// Progress for boots that go side by side: each speaks on its own thread, and one after the other, so that whoever
// listens (a terminal, a test) needs no lock of its own.
#pragma once

#include <mutex>
#include <string_view>

#include "harness/support/progress.h"

namespace aios {

class SharedProgress final : public Progress {
 public:
  explicit SharedProgress(Progress& to) : to_(&to) {}
  void phase(std::string_view text) override {
    locked([&] { to_->phase(text); });
  }
  void step(const ProgressStep& step) override {
    locked([&] { to_->step(step); });
  }
  void note(std::string_view text) override {
    locked([&] { to_->note(text); });
  }
  void console(std::string_view line) override {
    locked([&] { to_->console(line); });
  }

 private:
  template <typename Action>
  void locked(Action action) {
    const std::lock_guard lock(mutex_);
    action();
  }
  std::mutex mutex_;
  Progress* to_;
};

}  // namespace aios
