// SPDX-License-Identifier: Apache-2.0
// What the machine came up as: /proc, /sys, PID 1, the command line, the modules.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "scenarios/checklist/check.h"
#include "scenarios/checklist/tools.h"

namespace aios::checklist {
namespace {

template <std::size_t N>
Outcome all_there(const char* const (&paths)[N]) {
  for (const char* path : paths) {
    if (!exists(path)) return no("%s is not there", path);
  }
  return yes("%zu entries looked at", N);
}

Outcome proc_populated() {
  static constexpr const char* kPaths[] = {"/proc/version", "/proc/meminfo",  "/proc/cpuinfo", "/proc/mounts",
                                           "/proc/cmdline", "/proc/1/status", "/proc/self",    "/proc/sys/kernel"};
  char text[256];
  if (read_text("/proc/version", text, sizeof text) && std::strncmp(text, "Linux version", 13) != 0) {
    return no("/proc/version says: %.60s", text);
  }
  return all_there(kPaths);
}

Outcome sys_populated() {
  static constexpr const char* kPaths[] = {"/sys/block", "/sys/bus/cpu", "/sys/class/tty",    "/sys/devices/system",
                                           "/sys/fs",    "/sys/kernel",  "/sys/module/printk"};
  return all_there(kPaths);
}

Outcome pid1_is_aios_init() {
  char name[64], program[128] = {};
  if (!read_text("/proc/1/comm", name, sizeof name)) return refused("/proc/1/comm");
  name[std::strcspn(name, "\n")] = '\0';
  if (::readlink("/proc/1/exe", program, sizeof program - 1) < 0) return refused("/proc/1/exe");
  // The kernel starts it as /init out of an initramfs, and as /usr/sbin/aios-init from a disk.
  const bool path = std::strcmp(program, "/init") == 0 || std::strcmp(program, "/usr/sbin/aios-init") == 0;
  const bool named = std::strcmp(name, "aios-init") == 0 || std::strcmp(name, "init") == 0;
  if (!path || !named || !exists("/aios/orders")) return no("PID 1 is %.40s (%.60s)", name, program);
  return yes("PID 1 is %.40s (%.60s)", name, program);
}

// The value after NAME=, or "" for a bare word; false where the command line has it not.
bool parameter(const char* name, char* value, std::size_t size) {
  char line[4096];
  if (!read_text("/proc/cmdline", line, sizeof line)) return false;
  line[std::strcspn(line, "\n")] = '\0';
  bool found = false;
  for (char* word = std::strtok(line, " "); word != nullptr; word = std::strtok(nullptr, " ")) {
    const std::size_t length = std::strlen(name);
    if (std::strncmp(word, name, length) != 0 || (word[length] != '=' && word[length] != '\0')) continue;
    std::snprintf(value, size, "%s", word[length] == '=' ? word + length + 1 : "");
    found = true;
  }
  return found;
}

Outcome cmdline_quiet() {
  char value[64];
  return parameter("quiet", value, sizeof value) ? yes("on the command line") : no("not on the command line");
}

Outcome cmdline_console() {
  char value[64], active[128];
  if (!parameter("console", value, sizeof value)) return no("no console= on the command line");
  if (!read_text("/sys/class/tty/console/active", active, sizeof active)) return refused("the active console");
  active[std::strcspn(active, "\n")] = '\0';
  const bool asked = std::strcmp(value, "ttyS0,115200") == 0;
  return asked && std::strstr(active, "ttyS0") != nullptr ? yes("console=%s, active: %.60s", value, active)
                                                          : no("console=%s, active: %.60s", value, active);
}

Outcome cmdline_loglevel() {
  char value[64], levels[64];
  if (!parameter("loglevel", value, sizeof value)) return no("no loglevel= on the command line");
  if (!read_text("/proc/sys/kernel/printk", levels, sizeof levels)) return refused("/proc/sys/kernel/printk");
  // PID 1 lowers it further while frames go over the same line.
  const long now = std::strtol(levels, nullptr, 10);
  return std::strcmp(value, "3") == 0 && now <= 3 ? yes("loglevel=%s, the console's level is %ld", value, now)
                                                  : no("loglevel=%s, the console's level is %ld", value, now);
}

Outcome cmdline_init() {
  char value[128];
  if (!parameter("init", value, sizeof value)) return no("no init= on the command line");
  return std::strcmp(value, "/usr/sbin/aios-init") == 0 ? yes("init=%s", value) : no("init=%s", value);
}

// Calls `bad` for each loaded module; the first that is bad, or an empty text.
template <typename Bad>
Outcome modules(Bad bad) {
  static char text[65536];
  if (!read_text("/proc/modules", text, sizeof text)) return yes("the kernel has no modules");
  int count = 0;
  for (char* line = std::strtok(text, "\n"); line != nullptr; line = std::strtok(nullptr, "\n"), ++count) {
    line[std::strcspn(line, " ")] = '\0';
    if (bad(line)) return no("%.60s is loaded", line);
  }
  return yes("%d modules loaded", count);
}

// As file names have it: a module's own name has '_' where its file may have '-'.
bool same_module(const char* path, const char* module) {
  const char* file = std::strrchr(path, '/');
  file = file == nullptr ? path : file + 1;
  for (; *module != '\0'; ++module, ++file) {
    if (*module != (*file == '-' ? '_' : *file)) return false;
  }
  return std::strncmp(file, ".ko", 3) == 0;
}

Outcome modules_needed_only() {
  static char orders[65536];
  read_text("/aios/orders", orders, sizeof orders);
  return modules([](const char* module) {
    for (const char* line = orders; line != nullptr; line = std::strchr(line, '\n')) {
      if (*line == '\n') ++line;
      char path[256];
      if (std::sscanf(line, "module %255s", path) == 1 && same_module(path, module)) return false;
    }
    return true;
  });
}

Outcome modules_never_list() {
  return modules([](const char* module) {
    static constexpr const char* kNever[] = {"snd", "soundcore", "hid",      "usbhid",   "i2c_hid", "bluetooth",
                                             "bt",  "hci_",      "cfg80211", "mac80211", "iwlwifi", "ath",
                                             "rtw", "rtl8",      "brcm",     "mt76",     "rfkill"};
    for (const char* prefix : kNever) {
      if (std::strncmp(module, prefix, std::strlen(prefix)) == 0) return true;
    }
    return false;
  });
}

constexpr Check kChecks[] = {
    {"proc_populated", proc_populated},
    {"sys_populated", sys_populated},
    {"pid1_is_aios_init", pid1_is_aios_init},
    {"cmdline_quiet", cmdline_quiet},
    {"cmdline_console", cmdline_console},
    {"cmdline_loglevel", cmdline_loglevel},
    {"cmdline_init", cmdline_init},
    {"modules_needed_only", modules_needed_only},
    {"modules_never_list", modules_never_list},
};

}  // namespace

const Group kSystemChecks = group_of(kChecks);

}  // namespace aios::checklist
