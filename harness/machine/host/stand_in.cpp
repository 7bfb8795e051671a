// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/stand_in.h"

#include <fmt/format.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <charconv>

#include "harness/support/files.h"
#include "harness/support/text.h"

namespace aios::host {
namespace {

constexpr std::size_t kDetail = 1000;
constexpr std::size_t kMostProcesses = 256;
constexpr std::uint64_t kMostProc = 1U << 16;

template <typename Fill>
std::string frame_of(const char* type, Fill fill) {
  wire::Frame<4096> frame(type);
  fill(frame);
  return frame.finish() ? std::string(frame.data(), frame.size()) : std::string();
}

std::string small_file(const std::string& path) {
  const Result<std::string> text = read_file(path, kMostProc);
  return text.ok() ? std::string(trim(*text)) : std::string();
}

std::string_view state_name(char letter) {
  switch (letter) {
    case 'R':
      return "running";
    case 'S':
      return "sleeping";
    case 'D':
      return "in an uninterruptible sleep";
    case 'T':
    case 't':
      return "stopped";
    case 'Z':
      return "ended, not waited for";
    default:
      return "in an unknown state";
  }
}

}  // namespace

std::string begin_frames(const std::string& scenario) {
  utsname names{};
  ::uname(&names);
  const std::string kernel = fmt::format("{} {} {} {}", names.sysname, names.release, names.version, names.machine);
  return frame_of("hello",
                  // Its command line may hold what is nobody's business, and stores are shared.
                  [&](auto& frame) { frame.integer("v", 1).text("kernel", kernel.c_str()).text("cmdline", ""); }) +
         frame_of("ready", [](auto&) {}) +
         frame_of("begin", [&](auto& frame) { frame.text("scenario", scenario.c_str(), 200); });
}

std::string end_frames(const std::string& scenario, const ExitState& state, const std::string& last_words) {
  std::string detail;
  if (state.signalled) detail = ::sigdescr_np(state.code) != nullptr ? ::sigdescr_np(state.code) : "unknown signal";
  if (!state.success() && !last_words.empty()) detail += (detail.empty() ? "" : "; ") + last_words;
  return frame_of("end",
                  [&](auto& frame) {
                    frame.text("scenario", scenario.c_str(), 200);
                    frame.integer("exit", state.signalled ? 0 : state.code);
                    frame.integer("signal", state.signalled ? state.code : 0);
                    frame.text("detail", detail.c_str(), kDetail);
                  }) +
         frame_of("done", [](auto& frame) { frame.integer("tainted", 0); });
}

std::string last_words(std::string_view output) {
  std::string out;
  for (const std::string& line : split(output, '\n')) {
    const std::string_view text = trim(line);
    if (!text.empty() && text.find(wire::kMarker) == std::string_view::npos) out = printable(text.substr(0, kDetail));
  }
  return out;
}

std::vector<pid_t> process_group(pid_t group) {
  std::vector<pid_t> out;
  std::error_code code;
  for (fs::directory_iterator it("/proc", code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename().string();
    pid_t pid = 0;
    std::from_chars(name.data(), name.data() + name.size(), pid);
    // A process may be gone by the time that it is asked.
    if (pid > 0 && ::getpgid(pid) == group && out.size() < kMostProcesses) out.push_back(pid);
  }
  return out;
}

std::string describe_process(pid_t pid) {
  const std::string name = printable(small_file(fmt::format("/proc/{}/comm", pid)));
  const std::string stat = small_file(fmt::format("/proc/{}/stat", pid));
  const auto after_name = stat.rfind(')');
  if (name.empty() || after_name == std::string::npos || after_name + 2 >= stat.size()) {
    return fmt::format("process {}: gone", pid);
  }
  const std::string place = printable(small_file(fmt::format("/proc/{}/wchan", pid)));
  const bool told = !place.empty() && place != "0";
  return fmt::format("{} ({}): {}{}{}", name, pid, state_name(stat[after_name + 2]), told ? " in " : "",
                     told ? place : "");
}

}  // namespace aios::host
