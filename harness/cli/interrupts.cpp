// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/interrupts.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace aios {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&set, number);
  return set;
}

}  // namespace

Interrupts::Interrupts(CancelToken& cancel) {
  const sigset_t set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a file-size limit is then an error of write(), told as a full disk
  waiter_ = std::thread([&cancel] {
    const sigset_t wanted = watched();
    bool again = false;
    for (int number = 0; sigwait(&wanted, &number) == 0 && number != SIGUSR1;) {
      if (again) _exit(130);
      again = true;
      cancel.cancel();
    }
  });
}

Interrupts::~Interrupts() {
  pthread_kill(waiter_.native_handle(), SIGUSR1);  // our own word for "no more"
  waiter_.join();
}

}  // namespace aios
