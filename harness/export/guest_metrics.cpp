// SPDX-License-Identifier: Apache-2.0
#include "harness/export/guest_metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <variant>

#include "harness/guest/frame_reader.h"
#include "harness/guest/message.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr std::size_t kMostBlockBytes = 64U << 10;

// "[    1.443943] text" and "[    1.443943][    T1] text": the time stamps of Linux's log.
std::string_view without_time_stamp(std::string_view line) {
  for (int brackets = 0; brackets < 2 && line.starts_with('['); ++brackets) {
    const auto end = line.find(']');
    if (end == std::string_view::npos || end > 24) break;
    const std::string_view inside = line.substr(1, end - 1);
    if (inside.find_first_not_of(" 0123456789.TC") != std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  return line;
}

class BlockFinder {
 public:
  void line(std::string_view raw) {
    const std::string_view text = trim(without_time_stamp(raw));
    if (text == kGuestMetricsBegin) {
      open_ = std::string();
    } else if (text == kGuestMetricsEnd) {
      if (open_) last_ = std::move(*open_);
      open_.reset();
    } else if (open_) {
      if (open_->size() + text.size() > kMostBlockBytes) {
        open_.reset();  // what is too long has no end
        too_long_ = true;
        return;
      }
      open_->append(text).push_back('\n');
    }
  }
  const std::optional<std::string>& last() const { return last_; }
  bool too_long() const { return too_long_; }

 private:
  std::optional<std::string> open_, last_;
  bool too_long_ = false;
};

}  // namespace

GuestMetrics guest_metrics_of_console(std::string_view console) {
  GuestMetrics out;
  if (console.find(kGuestMetricsBegin) == std::string_view::npos) return out;
  BlockFinder finder;
  const ManualClock still;
  const auto on_frame = [&](std::string_view body) {
    const auto message = decode_message(body);
    if (!message.ok()) return false;
    if (const auto* log = std::get_if<message::Log>(&*message)) {
      for (const auto& line : split(log->text, '\n')) finder.line(line);
    }
    return true;
  };
  FrameReader reader(still, on_frame, [&](std::string_view line) { finder.line(line); });
  reader.feed(console);
  reader.finish();
  if (finder.last()) {
    out = parse_guest_metrics(*finder.last());
    out.found = true;
  }
  if (finder.too_long()) out.left_out.push_back(fmt::format("a block of more than {} bytes", kMostBlockBytes));
  return out;
}

}  // namespace aios
