// SPDX-License-Identifier: Apache-2.0
// The modules that the subject names (+MODULE), as modules: they load, show, unload, and leave nothing behind.
#include <dirent.h>
#include <fcntl.h>
#include <sys/klog.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include "scenarios/lines.h"

namespace aios::modules {
namespace {

constexpr const char* kFolder = "/lib/modules/extra";
constexpr int kCycles = 1000, kWarmUp = 200, kLooks = 5;

void pause_ms(long milliseconds) {
  const timespec time = {milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  ::nanosleep(&time, nullptr);
}

std::string text_of(const char* path) {
  std::string out;
  const int file = ::open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return out;
  char part[4096];
  for (ssize_t got = 1; got > 0;) {
    got = ::read(file, part, sizeof part);
    if (got > 0) out.append(part, static_cast<std::size_t>(got));
  }
  ::close(file);
  return out;
}

// "ai_scheduler", without folder and ending.
std::vector<std::string> names() {
  std::vector<std::string> out;
  DIR* const folder = ::opendir(kFolder);
  if (folder == nullptr) return out;
  while (const dirent* entry = ::readdir(folder)) {
    std::string name = entry->d_name;
    const auto end = name.rfind(".ko");
    if (end != std::string::npos && end + 3 == name.size()) out.push_back(name.substr(0, end));
  }
  ::closedir(folder);
  return out;
}

bool is_loaded(const std::string& name) {
  const std::string text = "\n" + text_of("/proc/modules");
  return text.find("\n" + name + " ") != std::string::npos;
}

bool unload(const std::string& name) {
  for (int i = 0; i < 100; ++i) {
    if (::syscall(SYS_delete_module, name.c_str(), O_NONBLOCK) == 0 || errno == ENOENT) return true;
    if (errno != EAGAIN && errno != EBUSY) return false;
    pause_ms(2);
  }
  return false;
}

bool load(const std::string& name) {
  const std::string path = std::string(kFolder) + "/" + name + ".ko";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool loaded = ::syscall(SYS_finit_module, file, "", 0) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return loaded;
}

bool log_names(const std::string& name) {
  constexpr int kReadAll = 3;
  std::vector<char> log(1 << 18);
  const int length = ::klogctl(kReadAll, log.data(), static_cast<int>(log.size()));
  return length > 0 && std::string(log.data(), static_cast<std::size_t>(length)).find(name + ":") != std::string::npos;
}

lines::Outcome builds_out_of_tree() {
  const auto all = names();
  if (all.empty()) return lines::skip("this subject has no module that is built out of tree");
  for (const std::string& name : all) {
    if (!is_loaded(name)) return lines::no("%s.ko was built, and this kernel does not take it", name.c_str());
  }
  return lines::yes("%zu, taken by the kernel that they were built for", all.size());
}

lines::Outcome loads_and_unloads() {
  const auto all = names();
  if (all.empty()) return lines::skip("this subject has no module that is built out of tree");
  for (const std::string& name : all) {
    if (!unload(name)) return lines::refused(("unloading " + name).c_str());
    if (is_loaded(name)) return lines::no("%s is unloaded, and still listed", name.c_str());
    if (!load(name)) return lines::refused(("loading " + name).c_str());
    if (!is_loaded(name)) return lines::no("%s is loaded, and not listed", name.c_str());
    if (!log_names(name)) return lines::no("%s says nothing in the kernel's log", name.c_str());
  }
  return lines::yes("%zu: out, in, listed, and in the kernel's log", all.size());
}

long figure(const std::string& text, const char* name) {
  const auto at = text.find(name);
  return at == std::string::npos ? 0 : std::atol(text.c_str() + at + std::strlen(name));
}

// A processor keeps two stacks of ended threads for the next: let there be two.
void fill_stack_cache() {
  pid_t children[4];
  for (pid_t& child : children) {
    child = ::fork();
    if (child == 0) {
      pause_ms(20);
      ::_exit(0);
    }
  }
  for (const pid_t child : children) ::waitpid(child, nullptr, 0);
}

// Pages that nobody has: free, on a processor's own list, or a cache that can be dropped. The most of several looks,
// since what is freed after a grace period comes late.
long free_pages() {
  long most = 0;
  fill_stack_cache();
  for (int i = 0; i < 6; ++i) {
    const int file = ::open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
    if (file >= 0) {
      [[maybe_unused]] const ssize_t written = ::write(file, "3", 1);
      ::close(file);
    }
    pause_ms(50);
    long pages = figure(text_of("/proc/meminfo"), "MemFree:") / 4;
    const std::string zones = text_of("/proc/zoneinfo");
    for (auto at = zones.find(" count:"); at != std::string::npos; at = zones.find(" count:", at + 1)) {
      pages += std::atol(zones.c_str() + at + 7);
    }
    if (pages > most) most = pages;
  }
  return most;
}

long vmalloc_areas() {
  const std::string text = text_of("/proc/vmallocinfo");
  return std::count(text.begin(), text.end(), '\n');
}

bool cycle(const std::vector<std::string>& all, int times, std::string& problem) {
  for (int i = 0; i < times; ++i) {
    for (const std::string& name : all) {
      if (!load(name) || !unload(name)) {
        problem = name + ": " + std::strerror(errno);
        return false;
      }
    }
  }
  return true;
}

lines::Outcome left_behind() {
  const auto all = names();
  if (all.empty()) return lines::skip("this subject has no module that is built out of tree");
  std::string problem;
  for (const std::string& name : all) {
    if (!unload(name)) return lines::refused(("unloading " + name).c_str());
  }
  // Looking takes memory of its own, and drops caches: the first looks do not count.
  for (int i = 0; i < 2; ++i) {
    if (!cycle(all, kWarmUp / 2, problem)) return lines::no("%s", problem.c_str());
    free_pages();
    vmalloc_areas();
  }
  long pages[kLooks + 1] = {free_pages()}, areas[kLooks + 1] = {vmalloc_areas()};
  for (int look = 1; look <= kLooks; ++look) {
    if (!cycle(all, kCycles / kLooks, problem)) return lines::no("%s", problem.c_str());
    pages[look] = free_pages();
    areas[look] = vmalloc_areas();
  }
  std::string series;
  for (const long count : pages) series += (series.empty() ? "" : ", ") + std::to_string(count);
  char detail[200];
  std::snprintf(detail, sizeof detail, "free pages every %d cycles: %s; vmalloc areas %+ld", kCycles / kLooks,
                series.c_str(), areas[kLooks] - areas[0]);
  // A leak goes on and on; the stacks that a processor keeps for its next threads come and go by a page or four.
  const long lost = std::min(pages[0], pages[1]) - std::max(pages[kLooks - 1], pages[kLooks]);
  const long held = std::min(areas[kLooks - 1], areas[kLooks]) - std::max(areas[0], areas[1]);
  return lines::counted(static_cast<double>(std::max(lost, 0L) + std::max(held, 0L)), detail);
}

}  // namespace
}  // namespace aios::modules

int main(int count, char** words) {
  using namespace aios;
  static constexpr lines::Line kLines[] = {
      {"builds_out_of_tree", modules::builds_out_of_tree},
      {"loads_and_unloads", modules::loads_and_unloads},
      {"left_behind_after_1000", modules::left_behind, true, 600'000},
  };
  return lines::run_lines("modules", kLines, count, words);
}
