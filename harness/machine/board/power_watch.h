// SPDX-License-Identifier: Apache-2.0
// Asks a running board from time to time whether it is still on, in a thread of its own: an answer may take as long as
// a BMC pleases. A descriptor becomes readable once there is news.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "harness/machine/board/power/power_switch.h"
#include "harness/support/unique_fd.h"

namespace aios::board {

struct PowerNews {
  bool off = false;       // the board went off
  std::string no_answer;  // or it cannot be asked any more
};

class PowerWatch {
 public:
  PowerWatch(PowerSwitch power, Duration every);
  ~PowerWatch();
  PowerWatch(const PowerWatch&) = delete;
  PowerWatch& operator=(const PowerWatch&) = delete;

  int fd() const { return news_fd_.get(); }
  std::optional<PowerNews> take();

 private:
  void watch();
  PowerSwitch power_;
  Duration every_;
  UniqueFd news_fd_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::optional<PowerNews> news_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace aios::board
