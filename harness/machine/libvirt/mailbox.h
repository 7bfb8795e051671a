// SPDX-License-Identifier: Apache-2.0
// What libvirt's thread puts in and a machine's thread takes out: small facts, and bytes of a console that is a stream.
// Its descriptor is readable while something is in it. Shared by both sides, so that a late callback finds it alive.
#pragma once

#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "harness/support/unique_fd.h"

namespace aios::libvirt {

enum class Fact {
  shutdown,  // QEMU's SHUTDOWN event; text is its JSON
  stopped,   // the domain is no more; code is libvirt's detail
  crashed,   // QEMU could not go on
  lost,      // the connection is; text says why
  console,   // bytes
  console_closed,
};

struct Letter {
  Fact fact = Fact::stopped;
  std::string text;
  int code = 0;
};

class Mailbox {
 public:
  Mailbox();
  bool open() const { return static_cast<bool>(fd_); }
  int fd() const { return fd_.get(); }
  void put(Letter letter);
  std::vector<Letter> take();
  // Never so many bytes unread that they could not be held; what comes on top is counted and thrown away.
  bool overflowed() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Letter> letters_;
  std::size_t bytes_ = 0;
  bool overflowed_ = false;
  UniqueFd fd_;
};

}  // namespace aios::libvirt
