// SPDX-License-Identifier: Apache-2.0
// QEMU's control protocol (QMP) over a connected socket, passive: fed with bytes it yields messages, and it sends
// commands; it never waits. Whoever polls the descriptor calls pump().
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/support/result.h"
#include "harness/support/unique_fd.h"

namespace aios::qemu {

enum class QmpKind { greeting, event, answer, error };

struct QmpMessage {
  QmpKind kind = QmpKind::event;
  std::string name;    // event
  std::string reason;  // SHUTDOWN: "guest-reset", "guest-shutdown", ...
  bool guest = false;  // SHUTDOWN: by the guest
  std::string id;      // answer, error: of the command
  std::string text;    // greeting: version; answer: a text result (human-monitor-command) or JSON; error: description
};

class Qmp {
 public:
  Qmp() = default;
  explicit Qmp(UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const { return fd_.get(); }
  bool open() const { return static_cast<bool>(fd_); }
  // Reads what is there. False once the other side has gone.
  bool pump(std::vector<QmpMessage>& messages);
  // `arguments` is JSON text, or empty.
  bool send(std::string_view command, std::string_view id, std::string_view arguments = {});
  // The same with a descriptor that goes along.
  bool send_with(int fd, std::string_view command, std::string_view id, std::string_view arguments);
  bool human(std::string_view line, std::string_view id);  // the human monitor's command, through QMP
  void close() { fd_.reset(); }

 private:
  UniqueFd fd_;
  std::string buffer_;
};

// One line of the protocol; a line that is no JSON is an error message with its own text.
QmpMessage parse_qmp(std::string_view line);

}  // namespace aios::qemu
