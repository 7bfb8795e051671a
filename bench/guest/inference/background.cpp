// SPDX-License-Identifier: Apache-2.0
#include "bench/guest/inference/background.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/guest/inference/background_counters.h"
#include "bench/guest/inference/memory.h"

namespace aios::inference {
namespace {

constexpr int kMostWaits = 120'000;                 // of a millisecond each
constexpr long long kMostPressure = 2'147'483'648;  // bytes

std::string failed(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

// Nothing between fork and exec but calls that are safe there.
pid_t execute(char* const* words) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::execv("/proc/self/exe", words);
  ::_exit(127);
}

}  // namespace

const char* to_string(Work work) {
  switch (work) {
    case Work::hog:
      return "hog";
    case Work::faults:
      return "faults";
    case Work::io:
      return "io";
    case Work::memory:
      return "memory";
  }
  return "";
}

int processors() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return CPU_COUNT(&allowed) > 0 ? CPU_COUNT(&allowed) : 1;
}

Background::Background(const Load& load, const std::string& folder, std::string& error) {
  if (!load.any()) return;
  if (!start_all(load, folder, error) || !wait_until_ready(error)) end();
}

bool Background::start_all(const Load& load, const std::string& folder, std::string& error) {
  for (int i = 0; i < load.hogs * processors(); ++i) works_.push_back(Work::hog);
  if (load.faults) works_.push_back(Work::faults);
  if (load.io) works_.push_back(Work::io);
  if (load.memory) works_.push_back(Work::memory);
  if (works_.size() > BackgroundCounters::kMost)
    return error = "more background processes than there is room for", false;
  if (load.memory && (available_memory() <= 0 || available_memory() > kMostPressure)) {
    error = "memory pressure fills all memory that is free: only where that is 2 GiB at most";
    return false;
  }
  const int shared = ::memfd_create("background", 0);
  if (shared < 0 || ::ftruncate(shared, sizeof(BackgroundCounters)) != 0)
    return error = failed("no shared memory"), false;
  counters_ = BackgroundCounters::map(shared);
  int ends[2];
  if (counters_ == nullptr || ::pipe(ends) != 0) {
    error = failed("no gate for the background");
    ::close(shared);
    return false;
  }
  gate_ = ends[1];
  ::fcntl(gate_, F_SETFD, FD_CLOEXEC);
  const std::string counters = std::to_string(shared), gate = std::to_string(ends[0]);
  for (std::size_t i = 0; i < works_.size() && error.empty(); ++i) {
    std::string words[] = {
        "inference", "--background", to_string(works_[i]), "--slot", std::to_string(i), "--counters", counters,
        "--gate",    gate,           "--folder",           folder};
    std::vector<char*> pointers;
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t child = execute(pointers.data());
    if (child < 0) {
      error = failed("a background process cannot be started");
    } else {
      children_.push_back(child);
    }
  }
  ::close(ends[0]);
  ::close(shared);
  return error.empty();
}

bool Background::wait_until_ready(std::string& error) const {
  for (std::size_t i = 0, waits = 0; i < children_.size();) {
    if (counters_->slots[i].ready.load(std::memory_order_acquire) != 0) {
      ++i;
      continue;
    }
    int status = 0;
    if (::waitpid(children_[i], &status, WNOHANG) == children_[i] || ++waits > kMostWaits) {
      error = std::string("the background process '") + to_string(works_[i]) + "' could not get ready";
      return false;
    }
    constexpr timespec kPause{0, 1'000'000};
    ::nanosleep(&kPause, nullptr);
  }
  return true;
}

void Background::go() {
  if (gate_ >= 0) ::close(gate_);
  gate_ = -1;
}

Rounds Background::rounds() const {
  Rounds out;
  for (std::size_t i = 0; i < children_.size(); ++i) {
    const std::uint64_t rounds = counters_->slots[i].rounds.load(std::memory_order_relaxed);
    switch (works_[i]) {
      case Work::hog:
        out.hog += rounds;
        break;
      case Work::faults:
        out.faults += rounds;
        break;
      case Work::io:
        out.io += rounds;
        break;
      case Work::memory:
        out.memory += rounds;
        break;
    }
  }
  return out;
}

void Background::end() {
  for (const pid_t child : children_) ::kill(child, SIGKILL);
  for (const pid_t child : children_) ::waitpid(child, nullptr, 0);
  children_.clear();
  if (gate_ >= 0) ::close(gate_);
  gate_ = -1;
  if (counters_ != nullptr) ::munmap(counters_, sizeof(BackgroundCounters));
  counters_ = nullptr;
}

Background::~Background() { end(); }

}  // namespace aios::inference
