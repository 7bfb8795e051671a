// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

#include "harness/machine/board/console/console.h"
#include "harness/support/process.h"
#include "harness/support/unique_fd.h"

namespace aios::board {
namespace {

struct CommandLine {
  UniqueFd fd;
  Child child;
};

}  // namespace

Result<ConsoleWire> open_command(const BoardConsole& console) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return system_error("cannot make a pair of sockets", {}, errno);
  }
  UniqueFd here(ends[0]);
  const UniqueFd there(ends[1]);
  ::fcntl(here.get(), F_SETFL, O_NONBLOCK);
  Command command{.argv = {"sh", "-c", console.command}};
  command.stdin_fd = command.stdout_fd = there.get();
  Child child = TRY(Child::spawn(command));
  auto line = std::make_shared<CommandLine>(CommandLine{std::move(here), std::move(child)});
  const auto why = [weak = std::weak_ptr(line)]() -> std::string {
    const auto held = weak.lock();
    if (!held) return {};
    const auto state = held->child.poll();
    return state ? "the console's command ended: " + state->describe() : std::string();
  };
  return ConsoleWire{.fd = line->fd.get(), .owner = line, .why_lost = why, .give_up = {}};
}

}  // namespace aios::board
