// SPDX-License-Identifier: Apache-2.0
#include "images/init/report.h"

#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"
#include "images/init/text.h"

namespace aios::init {
namespace {

constexpr std::size_t kDetail = 1024;
using Frame = wire::Frame<4096>;

void send(Frame& frame) { wire::send_frame(STDOUT_FILENO, frame); }

}  // namespace

long read_start(const char* path, char* buffer, std::size_t size) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  std::size_t length = 0;
  while (length + 1 < size) {
    const ssize_t got = ::read(fd, buffer + length, size - 1 - length);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    length += static_cast<std::size_t>(got);
  }
  ::close(fd);
  buffer[length] = '\0';
  return static_cast<long>(length);
}

void report_hello() {
  utsname names{};
  ::uname(&names);
  Text<256> kernel;
  kernel << names.sysname << ' ' << names.release << ' ' << names.version << ' ' << names.machine;
  char command_line[2048] = "";
  const long length = read_start("/proc/cmdline", command_line, sizeof command_line);
  if (length > 0 && command_line[length - 1] == '\n') command_line[length - 1] = '\0';
  Frame frame("hello");
  frame.integer("v", 1).text("kernel", kernel.c_str()).text("cmdline", command_line);
  send(frame);
}

void report_ready() {
  Frame frame("ready");
  send(frame);
}

void report_begin(const char* scenario) {
  Frame frame("begin");
  frame.text("scenario", scenario, 200);
  send(frame);
}

void report_end(const char* scenario, int exit_code, int signal, const char* detail) {
  Frame frame("end");
  frame.text("scenario", scenario, 200).integer("exit", exit_code).integer("signal", signal);
  frame.text("detail", detail, kDetail);
  send(frame);
}

void report_done() {
  char tainted[32] = "";
  long long flags = 0;
  if (read_start("/proc/sys/kernel/tainted", tainted, sizeof tainted) > 0) {
    for (const char* c = tainted; *c >= '0' && *c <= '9'; ++c) flags = flags * 10 + (*c - '0');
  }
  Frame frame("done");
  frame.integer("tainted", flags);
  send(frame);
}

void report_log(const char* text) {
  Frame frame("log");
  frame.text("text", text, kDetail);
  send(frame);
}

void report_failure(const char* what, const char* which, int error) {
  Text<kDetail> text;
  text << "aios-init: " << what << ' ' << which << ": " << ::strerrordesc_np(error);
  report_log(text.c_str());
}

}  // namespace aios::init
