// SPDX-License-Identifier: Apache-2.0
#include "harness/run/guest_report.h"

namespace aios {

GuestReport::GuestReport(const Clock& clock)
    : reader_(
          clock, [this](std::string_view body) { return take(body); }, [](std::string_view) {}) {}

FrameVerdict GuestReport::line(std::string_view line, Duration since_boot) {
  now_ = since_boot;
  const bool was_done = done_;
  const std::uint64_t before = reader_.counts().frames;
  reader_.feed(line);
  reader_.feed("\n");
  if (reader_.counts().frames == before) return FrameVerdict::not_a_frame;
  return done_ && !was_done ? FrameVerdict::finished : FrameVerdict::progress;
}

bool GuestReport::take(std::string_view body) {
  Result<Message> message = decode_message(body);
  if (!message.ok()) {
    if (first_problem_.empty()) first_problem_ = message.error().describe();
    return false;
  }
  if (std::holds_alternative<message::Hello>(*message) && !hello_at_) hello_at_ = now_;
  if (std::holds_alternative<message::Ready>(*message) && !ready_at_) ready_at_ = now_;
  if (std::holds_alternative<message::Done>(*message)) done_ = true;
  messages_.push_back(std::move(*message));
  return true;
}

std::string GuestReport::last_step() const {
  if (messages_.empty()) return {};
  const Message& last = messages_.back();
  if (std::holds_alternative<message::Hello>(last)) return "the kernel is up";
  if (std::holds_alternative<message::Ready>(last)) return "ready";
  if (std::holds_alternative<message::Done>(last)) return "done";
  if (const auto* begin = std::get_if<message::Begin>(&last)) return "running " + begin->scenario;
  if (const auto* region = std::get_if<message::Region>(&last)) return "measured " + region->name;
  if (const auto* sample = std::get_if<message::Sample>(&last)) return "measured " + sample->metric;
  if (const auto* check = std::get_if<message::Check>(&last)) return "checked " + check->name;
  return {};
}

}  // namespace aios
