// SPDX-License-Identifier: Apache-2.0
#include "harness/build/build_env.h"

#include <fmt/format.h>
#include <poll.h>

namespace aios {
namespace {

// flock cannot be waited for beside a file descriptor, so it is asked for again this often.
constexpr int kLockPollMs = 100;

}  // namespace

Result<FileLock> lock_for_build(const BuildEnv& env, const std::string& name) {
  TRY(make_folders(env.locks()));
  const fs::path path = env.locks() / (name + ".lock");
  for (bool said = false;; said = true) {
    auto lock = TRY(FileLock::try_acquire(path));
    if (lock) return std::move(*lock);
    if (!said) env.progress->note(fmt::format("another aios-bench is building {}: waiting for it", name));
    pollfd wait{env.cancel != nullptr ? env.cancel->fd() : -1, POLLIN, 0};
    ::poll(&wait, 1, kLockPollMs);
    if (env.cancel != nullptr) TRY(env.cancel->check());
  }
}

void mark_used(const fs::path& entry) {
  std::error_code ignored;
  fs::last_write_time(entry, fs::file_time_type::clock::now(), ignored);
}

}  // namespace aios
