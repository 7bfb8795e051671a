// SPDX-License-Identifier: Apache-2.0
#include "python/src/background.h"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "harness/support/text.h"

namespace aios::python {
namespace {

// Python notes a signal and goes on: so often somebody has to ask.
constexpr auto kLookForSignals = std::chrono::milliseconds(50);
constexpr std::size_t kMostWaiting = 10'000;  // console lines that nobody takes

struct Heard {
  const char* kind = "";
  std::string text;
  std::uint64_t done = 0, total = 0;
  std::optional<double> seconds_left;
};

// Between the two threads. Of steps only the latest waits; nobody needs to see all of them.
class Wire final : public Progress {
 public:
  explicit Wire(bool console) : console_(console) {}
  void phase(std::string_view text) override { put({"phase", printable(text)}); }
  void note(std::string_view text) override { put({"note", printable(text)}); }
  void step(const ProgressStep& step) override {
    put({"step", printable(step.text), step.done, step.total, step.seconds_left});
  }
  void console(std::string_view line) override {
    if (console_) put({"console", printable(line)});
  }
  void finish() {
    const std::lock_guard lock(mutex_);
    finished_ = true;
    ready_.notify_all();
  }
  // Waits a little. True: the work has ended, and this is the last of it.
  bool take(std::deque<Heard>& into) {
    std::unique_lock lock(mutex_);
    ready_.wait_for(lock, kLookForSignals, [&] { return finished_ || !waiting_.empty(); });
    into = std::move(waiting_);
    waiting_.clear();
    return finished_;
  }

 private:
  void put(Heard heard) {
    const std::lock_guard lock(mutex_);
    const std::string_view kind = heard.kind;
    if (kind == "step" && !waiting_.empty() && waiting_.back().kind == kind) waiting_.pop_back();
    if (kind == "console" && waiting_.size() >= kMostWaiting) return;
    waiting_.push_back(std::move(heard));
    ready_.notify_all();
  }

  bool console_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Heard> waiting_;
  bool finished_ = false;
};

void tell(const py::object& listener, const Heard& heard) {
  if (listener.is_none()) return;
  listener(heard.kind, heard.text, heard.done, heard.total,
           heard.seconds_left ? py::cast(*heard.seconds_left) : py::none());
}

// A thread that signals pass by, so that the interpreter's own gets them.
std::thread without_signals(const std::function<void()>& work) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(work);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

std::optional<py::error_already_set> work_beside(const Paths& paths, const Hearing& hearing,
                                                 const std::function<void(const Context&)>& work) {
  const SystemClock clock;
  CancelToken cancel;
  Wire wire(hearing.console);
  const Context context{clock, cancel, wire, paths, hearing.command_line};
  std::exception_ptr failed;
  std::thread worker = without_signals([&] {
    try {
      work(context);
    } catch (...) {  // nothing may leave a thread
      failed = std::current_exception();
    }
    wire.finish();
  });
  std::optional<py::error_already_set> stopped;
  bool finished = false;
  while (!finished) {
    std::deque<Heard> heard;
    {
      const py::gil_scoped_release unlocked;
      finished = wire.take(heard);
    }
    try {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      for (const Heard& one : heard) {
        if (!stopped) tell(hearing.listener, one);
      }
    } catch (py::error_already_set& error) {
      cancel.cancel();
      if (!stopped) stopped.emplace(std::move(error));
    }
  }
  worker.join();
  if (failed && !stopped) std::rethrow_exception(failed);
  return stopped;
}

void raise_stopped(py::error_already_set stopped) {
  if (!stopped.matches(PyExc_KeyboardInterrupt)) throw stopped;
  const py::object exception = exception_of(interrupted());
  PyException_SetCause(exception.ptr(), py::object(stopped.value()).release().ptr());
  PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(exception.ptr())), exception.ptr());
  throw py::error_already_set();
}

}  // namespace aios::python
