// SPDX-License-Identifier: Apache-2.0
// The server that a board boots from: a fixed set of files over TFTP and HTTP, for as long as the object lives, in a
// thread of its own. Read-only; a name that is not in the set is not there, whatever path it looks like. It notes who
// fetched what and when: that is where the network's part of a boot is read from.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "harness/support/clock.h"
#include "harness/support/result.h"
#include "harness/support/unique_fd.h"

namespace aios::board {

struct ServedFile {
  std::string text;            // the content itself, or
  std::filesystem::path path;  // where it lies
};

struct ServePlan {
  std::string bind = "127.0.0.1";
  int tftp_port = 69;  // 0: none
  int http_port = 0;   // 0: any that is free
  std::map<std::string, ServedFile> files;
};

struct Fetch {
  std::string file;
  Duration begun{0}, done{0};  // done: 0 while it goes on
};

class BootServer {
 public:
  static Result<std::unique_ptr<BootServer>> start(const ServePlan& plan, const Clock& clock);
  ~BootServer();
  BootServer(const BootServer&) = delete;
  BootServer& operator=(const BootServer&) = delete;

  int http_port() const { return http_port_; }
  int tftp_port() const { return tftp_port_; }  // as bound; 0: none
  // Adds or replaces one: what names this server's own port is known only once it runs.
  Status add(const std::string& name, const ServedFile& file);
  std::vector<Fetch> fetches() const;

 private:
  explicit BootServer(const Clock& clock) : clock_(&clock) {}
  void serve();

  // Opened once: what is served is what was there when it was added.
  struct Content {
    std::string text;
    UniqueFd fd;
    std::uint64_t size = 0;
    // Fewer than asked for at the end.
    std::string part(std::uint64_t at, std::size_t length) const;
  };
  friend class TftpSide;
  friend class HttpSide;
  std::shared_ptr<const Content> find(const std::string& name) const;
  std::size_t begun(const std::string& name);
  void done(std::size_t fetch);

  const Clock* clock_;
  UniqueFd tftp_, http_, wake_;
  int http_port_ = 0, tftp_port_ = 0;
  std::string bind_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Content>> contents_;
  std::vector<Fetch> fetches_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace aios::board
