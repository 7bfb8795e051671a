// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/leftovers.h"

#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <charconv>

#include "harness/support/files.h"
#include "harness/support/text.h"

namespace aios::host {
namespace {

constexpr std::uint64_t kMostQueues = 4U << 20;

long number_in(const std::string& word) {
  long value = -1;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

}  // namespace

std::vector<int> queues_of(std::string_view proc_sysvipc_msg, const std::vector<pid_t>& processes) {
  std::vector<int> out;
  for (const std::string& line : split(proc_sysvipc_msg, '\n')) {
    // key msqid perms cbytes qnum lspid lrpid ...
    const auto words = split_words(line);
    if (words.size() < 7 || number_in(words[0]) != IPC_PRIVATE) continue;
    const auto ours = [&](const std::string& word) {
      const long pid = number_in(word);
      return pid > 0 && std::find(processes.begin(), processes.end(), pid) != processes.end();
    };
    if (ours(words[5]) || ours(words[6])) out.push_back(static_cast<int>(number_in(words[1])));
  }
  return out;
}

int remove_queues_of(const std::vector<pid_t>& processes) {
  const Result<std::string> text = read_file("/proc/sysvipc/msg", kMostQueues);
  if (!text.ok()) return 0;
  int removed = 0;
  for (const int queue : queues_of(*text, processes)) {
    if (::msgctl(queue, IPC_RMID, nullptr) == 0) ++removed;
  }
  return removed;
}

}  // namespace aios::host
