// SPDX-License-Identifier: Apache-2.0
// gpu [--console] [--list] [--anywhere] [NAME...]: is there a GPU in this guest, and does it work as far as can be told
// without computing on it.
#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "harness/guest/frame.h"
#include "harness/guest/frame_sink.h"
#include "scenarios/gpu/device.h"
#include "scenarios/lines.h"

namespace aios::gpu {
namespace {

using lines::no;
using lines::Outcome;
using lines::refused;
using lines::skip;
using lines::yes;

constexpr unsigned kNvidia = 0x10de, kAmd = 0x1002;
constexpr const char* kNone = "no display controller or accelerator on the PCI bus";

Outcome present() {
  const Device device = find_device();
  if (!device.found) return no("%s", kNone);
  return yes("%s, %04x:%04x, class %06x", device.address, device.vendor, device.device, device.class_code);
}

// Where registers are: memory that may not be fetched ahead; the first window where all may.
Window register_window(const Device& device) {
  Window all[6];
  const std::size_t count = windows(device, all);
  for (std::size_t i = 0; i < count; ++i) {
    if (!all[i].prefetchable) return all[i];
  }
  return count > 0 ? all[0] : Window{};
}

Outcome registers_readable() {
  const Device device = find_device();
  if (!device.found) return skip("%s", kNone);
  const Window window = register_window(device);
  if (window.index < 0) return no("%s has no window of memory", device.address);
  char path[128];
  std::snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/enable", device.address);
  if (device.driver[0] == '\0') {  // nobody has switched its windows on
    const int enable = ::open(path, O_WRONLY | O_CLOEXEC);
    if (enable < 0 || ::write(enable, "1", 1) != 1) return refused("enable");
    ::close(enable);
  }
  std::snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/resource%d", device.address, window.index);
  const int file = ::open(path, O_RDONLY | O_SYNC | O_CLOEXEC);
  if (file < 0) return refused(path);
  const std::size_t size = std::min<std::uint64_t>(window.bytes, 4096);
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) return refused("mmap of its registers");
  const auto* words = static_cast<const volatile unsigned*>(mapped);
  unsigned all = ~0U;
  for (std::size_t i = 0; i < std::min<std::size_t>(size / 4, 16); ++i) all &= words[i];
  const unsigned first = words[0];
  ::munmap(mapped, size);
  ::close(file);
  if (all == ~0U)
    return no("%s window %d reads as ones only: the device is not there any more", device.address, window.index);
  return yes("%s window %d of %llu bytes begins with %08x", device.address, window.index,
             static_cast<unsigned long long>(window.bytes), first);
}

Outcome driver_loaded() {
  const Device device = find_device();
  if (!device.found) return skip("%s", kNone);
  if (device.driver[0] == '\0') return no("%s (%04x:%04x) has no driver", device.address, device.vendor, device.device);
  const auto is = [&](const char* name) { return std::strcmp(device.driver, name) == 0; };
  const bool right = device.vendor == kNvidia ? is("nvidia") || is("nouveau")
                     : device.vendor == kAmd  ? is("amdgpu") || is("radeon")
                                              : !is("vfio-pci") && !is("pci-stub");
  return right ? yes("%s", device.driver) : no("%s is driven by %s", device.address, device.driver);
}

// temp1_input of the first hwmon below the device.
bool sensor(const Device& device, const char* name, long& value) {
  char path[384];
  std::snprintf(path, sizeof path, "/sys/bus/pci/devices/%s/hwmon", device.address);
  DIR* folder = ::opendir(path);
  bool found = false;
  while (folder != nullptr && !found) {
    const dirent* entry = ::readdir(folder);
    if (entry == nullptr) break;
    char below[320], text[64];
    std::snprintf(below, sizeof below, "hwmon/%.200s/%s", entry->d_name, name);
    found = entry->d_name[0] != '.' && attribute(device, below, text, sizeof text);
    if (found) value = std::strtol(text, nullptr, 10);
  }
  if (folder != nullptr) ::closedir(folder);
  return found;
}

Outcome vendor_tool(const char* path) {
  const pid_t child = ::fork();
  if (child == 0) {
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(nothing, STDERR_FILENO);
    ::execl(path, path, "--query-gpu=temperature.gpu", "--format=csv,noheader", static_cast<char*>(nullptr));
    ::_exit(127);
  }
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child) return refused(path);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? yes("%s answers", path) : no("%s fails", path);
}

Outcome telemetry() {
  const Device device = find_device();
  if (!device.found) return skip("%s", kNone);
  long value = 0;
  if (sensor(device, "temp1_input", value)) return yes("%ld.%03ld degrees", value / 1000, value % 1000);
  if (sensor(device, "power1_average", value)) return yes("%ld microwatts", value);
  constexpr const char* kTool = "/usr/bin/nvidia-smi";
  if (::access(kTool, X_OK) == 0) return vendor_tool(kTool);
  return skip("its driver%s%s tells nothing, and no tool of its vendor is there", device.driver[0] != '\0' ? " " : "",
              device.driver);
}

void send(const char* metric, unsigned long long bytes, const char* detail) {
  wire::Frame<512> frame("sample");
  frame.text("metric", metric).text("unit", "bytes").number("value", static_cast<double>(bytes));
  frame.integer("iterations", 1).text("detail", detail);
  wire::send_frame(STDOUT_FILENO, frame);
}

void tell_sizes() {
  const Device device = find_device();
  if (!device.found) return;
  char text[64];
  if (attribute(device, "mem_info_vram_total", text, sizeof text)) {
    send("gpu.memory", std::strtoull(text, nullptr, 10), "as its driver tells");
  } else {
    Window all[6];
    const std::size_t count = windows(device, all);
    const auto* largest =
        std::max_element(all, all + count, [](const Window& a, const Window& b) { return a.bytes < b.bytes; });
    if (count > 0) send("gpu.memory", largest->bytes, "its largest window");
  }
  const Window window = register_window(device);
  if (window.index >= 0) send("gpu.registers_bytes", window.bytes, "");
}

constexpr lines::Line kLines[] = {
    {"present", present},
    {"registers_readable", registers_readable},
    {"driver_loaded", driver_loaded},
    {"telemetry", telemetry},
};

}  // namespace
}  // namespace aios::gpu

int main(int count, char** words) {
  const int code = aios::lines::run_lines("gpu", aios::gpu::kLines, count, words);
  if (code == 0 && count == 1) aios::gpu::tell_sizes();
  return code;
}
