// SPDX-License-Identifier: Apache-2.0
#include "scenarios/lines.h"

#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"

namespace aios::lines {
namespace {

Outcome say(Outcome::Kind kind, const char* format, va_list words) {
  Outcome outcome;
  outcome.kind = kind;
  std::vsnprintf(outcome.detail, sizeof outcome.detail, format, words);
  return outcome;
}

[[noreturn]] void run_and_tell(const Line& line, bool own_mounts, int to) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  // Where the kernel has no mount namespaces, mounts stay, and are overlaid.
  if (own_mounts && ::unshare(CLONE_NEWNS) == 0) ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  const Outcome outcome = line.run();
  const bool told = ::write(to, &outcome, sizeof outcome) == static_cast<ssize_t>(sizeof outcome);
  ::_exit(told ? 0 : 1);
}

Outcome run(const Line& line, bool own_mounts) {
  int ends[2];
  if (::pipe(ends) != 0) return refused("pipe");
  const pid_t child = ::fork();
  if (child < 0) return refused("fork");
  if (child == 0) {
    ::close(ends[0]);
    run_and_tell(line, own_mounts, ends[1]);
  }
  ::close(ends[1]);
  Outcome outcome;
  pollfd answer = {ends[0], POLLIN, 0};
  const bool answered = ::poll(&answer, 1, line.milliseconds) > 0;
  const bool whole = answered && ::read(ends[0], &outcome, sizeof outcome) == static_cast<ssize_t>(sizeof outcome);
  ::close(ends[0]);
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (whole) return outcome;
  if (!answered) return no("it did not come to an end");
  return no("the line itself was ended by signal %d", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

void tell(const char* scenario, const Line& line, const Outcome& outcome, bool console) {
  if (console) {
    static constexpr const char* kWords[] = {"yes ", "no  ", "skip"};
    std::printf("%s  %-32s %s\n", kWords[outcome.kind], line.name, outcome.detail);
    std::fflush(stdout);
    return;
  }
  char metric[128];
  std::snprintf(metric, sizeof metric, "%s.%s", scenario, line.name);
  const bool counted = line.counts && outcome.kind == Outcome::yes;
  wire::Frame<2048> frame(counted ? "sample" : "check");
  if (counted) {
    frame.text("metric", metric).text("unit", "count").number("value", outcome.count).integer("iterations", 1);
    frame.text("detail", outcome.detail, sizeof outcome.detail);
  } else {
    frame.text("name", metric).boolean("ok", outcome.kind == Outcome::yes);
    frame.boolean("skipped", outcome.kind == Outcome::skipped).text("detail", outcome.detail, sizeof outcome.detail);
  }
  wire::send_frame(STDOUT_FILENO, frame);
}

bool wanted(int count, char** words, const char* name) {
  bool any = false;
  for (int i = 1; i < count; ++i) {
    if (words[i][0] == '-') continue;
    any = true;
    if (std::strcmp(words[i], name) == 0) return true;
  }
  return !any;
}

}  // namespace

Outcome yes(const char* format, ...) {
  va_list words;
  va_start(words, format);
  const Outcome outcome = say(Outcome::yes, format, words);
  va_end(words);
  return outcome;
}

Outcome no(const char* format, ...) {
  va_list words;
  va_start(words, format);
  const Outcome outcome = say(Outcome::no, format, words);
  va_end(words);
  return outcome;
}

Outcome skip(const char* format, ...) {
  va_list words;
  va_start(words, format);
  const Outcome outcome = say(Outcome::skipped, format, words);
  va_end(words);
  return outcome;
}

Outcome refused(const char* what) { return no("%s: %s", what, std::strerror(errno)); }

Outcome counted(double count, const char* detail) {
  Outcome outcome = yes("%s", detail);
  outcome.count = count;
  return outcome;
}

int run_lines(const char* scenario, const Line* lines, std::size_t count, int argc, char** argv, bool own_mounts) {
  bool console = false, list = false, anywhere = ::access("/aios/orders", F_OK) == 0;
  for (int i = 1; i < argc; ++i) {
    console = console || std::strcmp(argv[i], "--console") == 0;
    list = list || std::strcmp(argv[i], "--list") == 0;
    anywhere = anywhere || std::strcmp(argv[i], "--anywhere") == 0;
  }
  if (!list && !anywhere) {
    std::fprintf(stderr, "%s: this is no guest (no /aios/orders); --anywhere runs it all the same\n", scenario);
    return 2;
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (!wanted(argc, argv, lines[i].name)) continue;
    if (list) {
      std::puts(lines[i].name);
    } else {
      tell(scenario, lines[i], run(lines[i], own_mounts), console);
    }
  }
  return 0;
}

}  // namespace aios::lines
