// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/libvirt/process_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "harness/support/files.h"

namespace aios::libvirt {
namespace {

using FolderIterator = fs::directory_iterator;

}  // namespace

int find_process(std::string_view word) {
  std::error_code code;
  for (FolderIterator it("/proc", code); !code && it != FolderIterator(); it.increment(code)) {
    const std::string name = it->path().filename();
    int pid = 0;
    const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (wrong != std::errc() || end != name.data() + name.size()) continue;
    std::ifstream file(it->path() / "cmdline", std::ios::binary);
    const std::string line{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (line.find("qemu") != std::string::npos && line.find(word) != std::string::npos) return pid;
  }
  return -1;
}

Duration time_without_processor(int process) {
  Duration longest{0};
  std::error_code code;
  FolderIterator task(fmt::format("/proc/{}/task", process), code);
  for (; !code && task != FolderIterator(); task.increment(code)) {
    std::ifstream file(task->path() / "schedstat");
    Duration::rep ran = 0, waited = 0;
    if (file >> ran >> waited) longest = std::max(longest, Duration(waited));
  }
  return longest;
}

}  // namespace aios::libvirt
