// SPDX-License-Identifier: Apache-2.0
// Boot by kexec from the board's own system: no firmware in between. Kernel and initramfs go through the shell that the
// machine file names (ssh), which ends as the old kernel does.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>

#include "harness/machine/board/board_machine.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios::board {
namespace {

constexpr int kBetweenTriesMs = 500;

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

Result<Captured> on_board(const std::string& shell, const std::string& line, const fs::path& input, Duration at_most,
                          const CancelToken* cancel) {
  UniqueFd file;
  if (!input.empty()) {
    file.reset(::open(input.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return system_error("cannot read what the board is to boot", input.string(), errno);
  }
  Command command{.argv = {"sh", "-c", shell + " " + quoted(line)}};
  command.stdin_fd = file ? file.get() : -1;
  CaptureOptions options;
  options.limit = 4096;
  options.merge_stderr = true;
  options.timeout = at_most;
  options.cancel = cancel;
  return run_command(command, options);
}

}  // namespace

Status BoardMachine::kexec() {
  const auto span = [](double value) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value));
  };
  TRY(board_->switch_power(true));
  powered_ = now();
  const std::string& shell = settings_.boot.shell;
  const auto ask = [&](const std::string& line, const fs::path& input, double at_most) {
    return on_board(shell, line, input, span(at_most), environment_.cancel);
  };
  const Deadline up(*environment_.clock, span(settings_.boot.up_seconds));
  for (;;) {
    const Result<Captured> answer = ask("true", {}, settings_.power.timeout_seconds);
    if (answer.ok() && answer->exit.success()) break;
    if (!answer.ok() && answer.error().kind != ErrorKind::infra_fault) return answer.error();
    if (up.passed()) {
      return infra_fault(fmt::format("the board's own system does not answer: {}",
                                     answer.ok() ? printable(trim(answer->out)) : answer.error().what),
                         shell, "kexec needs a running system that takes commands without asking for a password");
    }
    pollfd wait{environment_.cancel == nullptr ? -1 : environment_.cancel->fd(), POLLIN, 0};
    if (::poll(&wait, 1, kBetweenTriesMs) == 1) return interrupted();
  }
  const auto must = [&](const std::string& line, const fs::path& input) -> Status {
    const Captured done = TRY(ask(line, input, settings_.boot.fetch_seconds));
    if (done.exit.success()) return {};
    return infra_fault(fmt::format("the board refused '{}': {}", line, printable(trim(done.out))), shell,
                       "it needs kexec-tools, root, and room for the kernel in /run");
  };
  TRY(must("cat > /run/aios-kernel", spec_.image));
  if (!spec_.initrd.empty()) TRY(must("cat > /run/aios-initrd", spec_.initrd));
  TRY(must(fmt::format("kexec -l /run/aios-kernel{} --command-line={}",
                       spec_.initrd.empty() ? "" : " --initrd=/run/aios-initrd",
                       quoted(join(board_kernel_words(spec_), " "))),
           {}));
  read_console();
  events_.clear();  // what the old system said is of no boot
  loaded_ = now();
  // The connection dies with the system that it leads to: only a quick and clear refusal counts.
  const Result<Captured> gone =
      ask("nohup sh -c 'sleep 0.2; kexec -e' >/dev/null 2>&1 &", {}, settings_.power.timeout_seconds);
  if (!gone.ok() && gone.error().kind != ErrorKind::infra_fault) return gone.error();
  watch_.emplace(board_->power(), span(settings_.power.watch_seconds));
  return {};
}

}  // namespace aios::board
