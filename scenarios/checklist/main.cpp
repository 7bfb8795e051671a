// SPDX-License-Identifier: Apache-2.0
// checklist [--console] [--list] [--anywhere] [NAME...]: each check in a process of its own, its outcome as a frame (or
// a line). It changes the machine that it runs on, and so runs in a guest only, unless told --anywhere.
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstring>

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"
#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

constexpr int kDeadlineMilliseconds = 10'000;

constexpr const Group* kGroups[] = {&kSystemChecks,    &kFileSystemChecks,   &kFuseChecks,       &kNetworkChecks,
                                    &kLinkChecks,      &kPacketFilterChecks, &kSecurityChecks,   &kAppArmorChecks,
                                    &kNamespaceChecks, &kCgroupChecks,       &kPerformanceChecks};

[[noreturn]] void run_and_tell(const Check& check, int to) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  // What a check mounts goes with it. Where the kernel has no mount namespaces, mounts stay, and are overlaid.
  if (::unshare(CLONE_NEWNS) == 0) ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  const Outcome outcome = check.run();
  const bool told = ::write(to, &outcome, sizeof outcome) == static_cast<ssize_t>(sizeof outcome);
  ::_exit(told ? 0 : 1);
}

Outcome run(const Check& check) {
  int ends[2];
  if (::pipe(ends) != 0) return refused("pipe");
  const pid_t child = ::fork();
  if (child < 0) return refused("fork");
  if (child == 0) {
    ::close(ends[0]);
    run_and_tell(check, ends[1]);
  }
  ::close(ends[1]);
  Outcome outcome;
  pollfd answer = {ends[0], POLLIN, 0};
  const bool answered = ::poll(&answer, 1, kDeadlineMilliseconds) > 0;
  const bool whole = answered && ::read(ends[0], &outcome, sizeof outcome) == static_cast<ssize_t>(sizeof outcome);
  ::close(ends[0]);
  ::kill(-child, SIGKILL);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (whole) return outcome;
  if (!answered) return no("it did not come to an end");
  return no("the check itself was ended by signal %d", WTERMSIG(status));
}

void tell(const Check& check, const Outcome& outcome, bool console) {
  if (console) {
    static constexpr const char* kWords[] = {"yes ", "no  ", "skip"};
    std::printf("%s  %-32s %s\n", kWords[outcome.kind], check.name, outcome.detail);
    std::fflush(stdout);
    return;
  }
  wire::Frame<1024> frame("check");
  frame.text("name", check.name).boolean("ok", outcome.kind == Outcome::yes);
  frame.boolean("skipped", outcome.kind == Outcome::skipped).text("detail", outcome.detail, sizeof outcome.detail);
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
}  // namespace aios::checklist

int main(int count, char** words) {
  using namespace aios::checklist;
  bool console = false, list = false, anywhere = exists("/aios/orders");
  for (int i = 1; i < count; ++i) {
    console = console || std::strcmp(words[i], "--console") == 0;
    list = list || std::strcmp(words[i], "--list") == 0;
    anywhere = anywhere || std::strcmp(words[i], "--anywhere") == 0;
  }
  if (!list && !anywhere) {
    std::fprintf(stderr, "checklist: this is no guest (no /aios/orders); --anywhere runs it all the same\n");
    return 2;
  }
  for (const Group* group : kGroups) {
    for (std::size_t i = 0; i < group->count; ++i) {
      const Check& check = group->checks[i];
      if (!wanted(count, words, check.name)) continue;
      if (list) {
        std::puts(check.name);
      } else {
        tell(check, run(check), console);
      }
    }
  }
  return 0;
}
