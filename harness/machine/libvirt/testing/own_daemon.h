// SPDX-License-Identifier: Apache-2.0
// A libvirtd of the test's own: unprivileged (root becomes nobody), in a folder of its own, and gone with the object.
#pragma once

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/machine/libvirt/connection.h"
#include "harness/support/files.h"
#include "harness/support/process.h"

namespace aios::libvirt {

class OwnDaemon {
 public:
  // False where the packages are not installed.
  static bool possible() { return !find_program("libvirtd").empty() && !find_program("virtlogd").empty(); }

  OwnDaemon() : folder_(ScratchFolder::create("aios-libvirt").value()) {
    ::chmod(folder_.path().c_str(), 0711);
    for (const char* name : {"run", "home", "pool"}) {
      (void)make_folders(folder_.path() / name).ok();  // what is missing, the daemon complains of
      if (::geteuid() == 0) [[maybe_unused]]
        const int given = ::chown((folder_.path() / name).c_str(), 65534, 65534);
    }
    start();
  }
  ~OwnDaemon() { stop(); }
  OwnDaemon(const OwnDaemon&) = delete;
  OwnDaemon& operator=(const OwnDaemon&) = delete;

  std::string uri() const { return "qemu+unix:///session?socket=" + socket().string(); }
  fs::path folder() const { return folder_.path(); }
  int process() const { return libvirtd_->pid(); }

  void start() {
    if (!virtlogd_) virtlogd_ = spawn("virtlogd");
    std::error_code ignored;
    fs::remove(socket(), ignored);  // of one that was killed
    libvirtd_ = spawn("libvirtd");
    // Its socket is there before it can answer.
    wait_for([&] { return fs::exists(socket()) && Connection::open(uri()).ok(); });
  }
  void kill_now() { libvirtd_->kill_and_wait(); }
  void stop() {
    for (auto* child : {&libvirtd_, &virtlogd_}) {
      if (*child) (*child)->kill_and_wait();
      child->reset();
    }
  }
  // The QEMUs that it runs, as the kernel knows them.
  std::vector<int> emulators() const {
    std::vector<int> found;
    std::error_code code;
    for (fs::directory_iterator it("/proc", code), end; !code && it != end; it.increment(code)) {
      const auto line = read_file(it->path() / "cmdline", 1U << 20);
      const int pid = std::atoi(it->path().filename().c_str());
      if (pid > 0 && line.ok() && line->starts_with("/usr/bin/qemu-system") &&
          line->find("guest=aios-bench-" + std::to_string(::getpid()) + "-") != std::string::npos) {
        found.push_back(pid);
      }
    }
    return found;
  }
  template <typename What>
  static bool wait_for(const What& what, std::chrono::seconds at_most = std::chrono::seconds(20)) {
    const auto until = std::chrono::steady_clock::now() + at_most;
    while (!what()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
  }

 private:
  fs::path socket() const { return folder_.path() / "run" / "libvirt" / "libvirt-sock"; }

  std::optional<Child> spawn(const std::string& program) {
    Command command;
    if (::geteuid() == 0)
      command.argv = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--pdeathsig=KILL", "--"};
    command.argv.push_back(find_program(program));
    const fs::path home = folder_.path() / "home";
    command.env = {{"HOME", home.string()},
                   {"XDG_RUNTIME_DIR", (folder_.path() / "run").string()},
                   {"XDG_CONFIG_HOME", (home / "config").string()},
                   {"XDG_CACHE_HOME", (home / "cache").string()},
                   {"XDG_DATA_HOME", (home / "data").string()},
                   {"LIBVIRT_LOG_OUTPUTS", "3:file:" + (home / (program + ".log")).string()}};
    auto child = Child::spawn(command);
    if (!child.ok()) return std::nullopt;
    return std::move(child).value();
  }

  ScratchFolder folder_;
  std::optional<Child> virtlogd_, libvirtd_;
};

}  // namespace aios::libvirt
