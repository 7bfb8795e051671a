// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "harness/support/process.h"

namespace aios {
namespace {

struct Stream {
  UniqueFd fd;
  std::string* kept;
  std::string line;  // what has come of the line that is not whole yet
};

constexpr std::size_t kLineLimit = 64U << 10;

void feed(Stream& stream, std::string_view bytes, const CaptureOptions& options) {
  const std::size_t room = options.limit - std::min(options.limit, stream.kept->size());
  stream.kept->append(bytes.substr(0, room));
  if (!options.on_line) return;
  for (const char c : bytes) {
    if (c == '\n') {
      options.on_line(stream.line);
      stream.line.clear();
    } else if (stream.line.size() < kLineLimit) {
      stream.line += c;
    }
  }
}

// False at the end of the stream.
bool read_some(Stream& stream, const CaptureOptions& options) {
  char buffer[65536];
  const ssize_t got = ::read(stream.fd.get(), buffer, sizeof buffer);
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  feed(stream, {buffer, static_cast<std::size_t>(got)}, options);
  return got > 0;
}

Result<std::pair<UniqueFd, UniqueFd>> make_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return system_error("cannot make a pipe", {}, errno);
  return std::pair{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace

Result<Captured> run_command(Command command, const CaptureOptions& options) {
  Captured captured;
  std::vector<Stream> streams;
  auto out = TRY(make_pipe());
  auto err = TRY(make_pipe());
  command.stdout_fd = out.second.get();
  command.stderr_fd = options.merge_stderr ? out.second.get() : err.second.get();
  Child child = TRY(Child::spawn(command));
  out.second.reset();
  err.second.reset();
  streams.push_back({std::move(out.first), &captured.out, {}});
  streams.push_back({std::move(err.first), &captured.err, {}});

  const SystemClock clock;
  std::optional<Deadline> deadline;
  if (options.timeout) deadline.emplace(clock, *options.timeout);
  const int cancel_fd = options.cancel != nullptr ? options.cancel->fd() : -1;
  // The streams end when the last holder closes them; a grandchild that keeps them open does not keep us waiting.
  while (!streams.empty()) {
    std::vector<pollfd> waits{{cancel_fd, POLLIN, 0}, {child.pidfd(), POLLIN, 0}};
    for (const auto& stream : streams) waits.push_back({stream.fd.get(), POLLIN, 0});
    const int ready = ::poll(waits.data(), waits.size(), deadline ? deadline->left_ms() : -1);
    if (ready < 0 && errno != EINTR) return system_error("cannot wait for a process", command.argv.front(), errno);
    if (options.cancel != nullptr && options.cancel->cancelled()) {
      child.kill_and_wait();
      return interrupted(fmt::format("interrupted while running {}", command.argv.front()));
    }
    if (deadline && deadline->passed()) {
      child.kill_and_wait();
      return infra_fault(fmt::format("took longer than {:.0f} s", seconds(*options.timeout)), command.shell_line());
    }
    if (ready <= 0) continue;
    bool read_any = false;
    for (std::size_t i = streams.size(); i-- > 0;) {
      if (waits[i + 2].revents == 0) continue;
      read_any = true;
      if (!read_some(streams[i], options)) {
        if (options.on_line && !streams[i].line.empty()) options.on_line(streams[i].line);
        streams.erase(streams.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
    if (!read_any && waits[1].revents != 0) break;
  }
  captured.exit = child.wait();
  return captured;
}

Result<std::string> run_checked(Command command, const CaptureOptions& options) {
  const std::string line = command.shell_line();
  Captured captured = TRY(run_command(std::move(command), options));
  if (captured.exit.success()) return std::move(captured.out);
  std::string tail = captured.err.empty() ? captured.out : captured.err;
  if (tail.size() > 2000) tail = "..." + tail.substr(tail.size() - 2000);
  return infra_fault(fmt::format("{}: {}", captured.exit.describe(), tail), line);
}

}  // namespace aios
