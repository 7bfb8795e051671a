// SPDX-License-Identifier: Apache-2.0
// Saving a guest that is held (plugin/hold): stopped between two instructions, at no cost of virtual time, and written
// to a file by QEMU's own migration.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "harness/machine/qemu/qemu_machine.h"
#include "harness/support/json.h"

namespace aios::qemu {
namespace {

// QEMU answers "stop" when the processor has stopped, and the held processor stops when it is let go: so long QEMU is
// given to take the command up. Was that too short, the guest says that it has gone past.
constexpr Duration kTakenUp = std::chrono::milliseconds(50);
constexpr Duration kLookAgain = std::chrono::milliseconds(2);

Error not_saved(std::string why, const std::string& label) {
  return infra_fault(fmt::format("the guest could not be saved: {}", why), label);
}

}  // namespace

void QemuMachine::read_hold() {
  char said[16];
  const ssize_t got = ::recv(hold_.get(), said, sizeof said, MSG_DONTWAIT);
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) hold_.reset();
  for (ssize_t i = 0; i < got; ++i) {
    if (said[i] == 'h') emit({.kind = EventKind::held});
    if (said[i] == 'p') past_hold_ = true;
  }
}

Result<std::string> QemuMachine::answer(const std::string& id, Duration until) {
  while (now() < until && !ended_ && control_.open()) {
    if (last_answer_id_ == id) {
      last_answer_id_.clear();
      if (refused_) return not_saved(last_answer_, spec_.label);
      return std::exchange(last_answer_, {});
    }
    if (environment_.cancel != nullptr) TRY(environment_.cancel->check());
    poll_once(until, -1);
  }
  return not_saved(ended_ ? "QEMU ended: " + words_ : fmt::format("no answer to '{}'", id), spec_.label);
}

Result<std::string> QemuMachine::command(std::string_view name, Duration until, std::string_view arguments, int fd) {
  const std::string id = fmt::format("save{}", ++questions_);
  const bool sent =
      fd >= 0 ? control_.send_with(fd, name, id, arguments) : !ended_ && control_.send(name, id, arguments);
  if (!sent) return not_saved("QEMU is gone", spec_.label);
  return answer(id, until);
}

Status QemuMachine::stop_held(Duration until) {
  TRY(command("query-status", until));  // QEMU is awake
  const std::string id = fmt::format("save{}", ++questions_);
  if (!control_.send("stop", id)) return not_saved("QEMU is gone", spec_.label);
  wait_until(std::min(until, now() + kTakenUp));
  if (!hold_ || ::send(hold_.get(), "g", 1, MSG_NOSIGNAL) != 1) return not_saved("nothing holds it", spec_.label);
  TRY(answer(id, until));
  if (hold_) read_hold();
  if (past_hold_) return not_saved("QEMU stopped it too late", spec_.label);
  return {};
}

Status QemuMachine::save(const std::filesystem::path& out, Duration at_most) {
  const Duration until = now() + at_most;
  const UniqueFd file(::open(out.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!file) return system_error("cannot make the file of a saved guest", out.string(), errno);
  down_ = true;  // that it stops, and ends, is no news
  TRY(stop_held(until));
  // As fast as the disk is: nobody waits but us.
  TRY(command("migrate-set-parameters", until, R"({"max-bandwidth":1000000000000})"));
  TRY(command("getfd", until, R"({"fdname":"state"})", file.get()));
  TRY(command("migrate", until, R"({"uri":"fd:state"})"));
  for (;;) {
    const Json state = TRY(parse_json(TRY(command("query-migrate", until)), "query-migrate"));
    const std::string status = string_or(state, "status");
    if (status == "completed") return {};
    if (status == "failed" || status == "cancelled")
      return not_saved(string_or(state, "error-desc", status), spec_.label);
    wait_until(std::min(until, now() + kLookAgain));
  }
}

}  // namespace aios::qemu
