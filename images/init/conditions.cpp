// SPDX-License-Identifier: Apache-2.0
#include "images/init/conditions.h"

#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "images/init/report.h"
#include "images/init/text.h"

namespace aios::init {
namespace {

// The first line of a small file.
long first_line(const char* path, char* out, std::size_t size) {
  const long length = read_start(path, out, size);
  if (length >= 0) out[::strcspn(out, "\n")] = '\0';
  return length;
}

using OnFile = void (*)(const char* path, void* with);

// Every file that the pattern names; `?`, `*` and `[...]` stay inside one part of the path. glob() would bring along
// the C library's whole knowledge of users.
void each_file(const char* done, const char* rest, OnFile on_file, void* with) {
  while (*rest == '/') ++rest;
  if (*rest == '\0') {
    if (::access(done, F_OK) == 0) on_file(done, with);
    return;
  }
  const std::size_t length = ::strcspn(rest, "/");
  Text<256> part;
  part << std::string_view(rest, length);
  if (::strpbrk(part.c_str(), "*?[") == nullptr) {
    Text<512> next;
    next << done << '/' << part.c_str();
    return each_file(next.c_str(), rest + length, on_file, with);
  }
  DIR* const folder = ::opendir(done);
  if (folder == nullptr) return;
  while (const dirent* entry = ::readdir(folder)) {
    if (entry->d_name[0] == '.' || ::fnmatch(part.c_str(), entry->d_name, 0) != 0) continue;
    Text<512> next;
    next << done << '/' << static_cast<const char*>(entry->d_name);
    each_file(next.c_str(), rest + length, on_file, with);
  }
  ::closedir(folder);
}

struct Setting {
  const char* value;
  int files, refused, error;
  char now[128];
};

struct Throttled {
  long long sum;
  bool any;
};

int write_value(const char* path, const char* value) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  const int error = ::write(fd, value, ::strlen(value)) < 0 ? errno : 0;
  ::close(fd);
  return error;
}

}  // namespace

void set_condition(const char* name, const char* value, const char* const* patterns) {
  Setting setting{value, 0, 0, 0, ""};
  const OnFile set = [](const char* path, void* with) {
    auto& to = *static_cast<Setting*>(with);
    ++to.files;
    if (const int error = write_value(path, to.value); error != 0) {
      ++to.refused;
      to.error = error;
    }
    first_line(path, to.now, sizeof to.now);
  };
  for (; *patterns != nullptr; ++patterns) each_file("", *patterns, set, &setting);
  Text<384> text;
  text << "condition " << name << ' ';
  if (setting.files == 0) {
    text << "not there";
  } else if (setting.refused == setting.files) {
    text << "refused (" << ::strerror(setting.error) << "), is " << static_cast<const char*>(setting.now);
  } else {
    text << "set " << value << ", is " << static_cast<const char*>(setting.now);
    if (setting.refused > 0) text << ", refused by " << setting.refused << " of " << setting.files;
  }
  report_log(text.c_str());
}

void tell_throttling() {
  Throttled throttled{0, false};
  const OnFile add = [](const char* path, void* with) {
    char text[32] = "";
    if (first_line(path, text, sizeof text) < 0) return;
    static_cast<Throttled*>(with)->any = true;
    static_cast<Throttled*>(with)->sum += ::strtoll(text, nullptr, 10);
  };
  each_file("", "/sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/*_throttle_count", add, &throttled);
  Text<64> text;
  text << "throttled ";
  if (throttled.any) {
    text << throttled.sum;
  } else {
    text << "unknown";
  }
  report_log(text.c_str());
}

}  // namespace aios::init
