// SPDX-License-Identifier: Apache-2.0
// A process in a network namespace of its own that does something when it is told to go, and says when it is ready.
#pragma once

namespace aios::checklist {

class Container {
 public:
  Container() = default;
  ~Container();
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;

  // In the child: waits for go(), then runs body. False (errno): there is none.
  bool start(int (*body)(void*), void* argument);
  void go();
  bool wait_ready();  // until the child has called container_ready(); at most a few seconds
  int end();          // the child's exit code, as reap_child tells it
  int pid() const { return pid_; }

 private:
  int pid_ = -1;
  int go_[2] = {-1, -1}, ready_[2] = {-1, -1};
};

// Called by a container's body.
void container_ready();

}  // namespace aios::checklist
