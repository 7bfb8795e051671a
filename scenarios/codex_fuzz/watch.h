// SPDX-License-Identifier: Apache-2.0
// The kernel's own log while others work: what it reports, and how much it says.
#pragma once

namespace aios::fuzz {

class LogWatch {
 public:
  LogWatch();  // from here on
  ~LogWatch();
  LogWatch(const LogWatch&) = delete;
  LogWatch& operator=(const LogWatch&) = delete;

  void look();  // reads what has come since
  unsigned reports() const { return reports_; }
  unsigned in_modules() const { return in_modules_; }  // those of them that name code of a module under test
  unsigned lines() const { return lines_; }
  unsigned lost() const { return lost_; }  // messages that came too fast to be read
  const char* first_report() const { return first_; }

 private:
  int fd_;
  unsigned reports_ = 0, in_modules_ = 0, lines_ = 0, lost_ = 0;
  char first_[160] = {};
};

}  // namespace aios::fuzz
