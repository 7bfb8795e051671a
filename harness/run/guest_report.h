// SPDX-License-Identifier: Apache-2.0
// What the guest said in its frames during one boot, in order, bounded; fed line by line while the boot runs. It
// decides nothing: whether what was said makes sense together is for the assembly of samples to say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/frame_reader.h"
#include "harness/guest/message.h"
#include "harness/machine/watch_plan.h"

namespace aios {

class GuestReport {
 public:
  explicit GuestReport(const Clock& clock);
  GuestReport(const GuestReport&) = delete;
  GuestReport& operator=(const GuestReport&) = delete;

  // A console line from the frame's mark on, at this time of the boot.
  FrameVerdict line(std::string_view line, Duration since_boot);

  const std::vector<Message>& messages() const { return messages_; }
  const FrameCounts& counts() const { return reader_.counts(); }
  const std::string& overrun() const { return reader_.overrun(); }
  // Why the first frame that made no sense made none; empty: all did.
  const std::string& first_problem() const { return first_problem_; }
  bool done() const { return done_; }
  // Where the guest is, by its last message, as a person reads it: "measuring syscall.read"; empty: no news.
  std::string last_step() const;
  std::optional<Duration> hello_at() const { return hello_at_; }  // on the host's clock: PID 1 runs
  std::optional<Duration> ready_at() const { return ready_at_; }

 private:
  bool take(std::string_view body);

  FrameReader reader_;
  std::vector<Message> messages_;
  std::string first_problem_;
  std::optional<Duration> hello_at_, ready_at_;
  Duration now_{0};
  bool done_ = false;
};

}  // namespace aios
