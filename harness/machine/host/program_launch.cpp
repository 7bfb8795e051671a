// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/host/program_launch.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "harness/support/files.h"

namespace aios::host {
namespace {

constexpr uid_t kNobody = 65534;

// Loses every right before the program starts. The death signal is set again: the kernel clears it with the user.
const std::vector<std::string>& as_nobody() {
  static const std::vector<std::string> kWords = {"setpriv",
                                                  "--reuid=65534",
                                                  "--regid=65534",
                                                  "--clear-groups",
                                                  "--no-new-privs",
                                                  "--inh-caps=-all",
                                                  "--bounding-set=-all",
                                                  "--pdeathsig=KILL",
                                                  "--"};
  return kWords;
}

}  // namespace

Result<LaunchPlan> plan_launch(std::vector<std::string> argv, const std::filesystem::path& folder) {
  TRY(make_folders(folder));
  if (::geteuid() != 0) return LaunchPlan{std::move(argv), fmt::format("user {}", ::geteuid())};
  if (find_program("setpriv").empty()) {
    return config_error("as root the programs are run as an ordinary user, and setpriv is not installed", {},
                        "install util-linux, or run aios-bench as an ordinary user");
  }
  // Where the program was built may be closed to others.
  const fs::path copy = folder / fs::path(argv.front()).filename();
  TRY(copy_file_to(argv.front(), copy));
  if (::chmod(copy.c_str(), 0755) != 0 || ::chmod(folder.parent_path().c_str(), 0711) != 0 ||
      ::chown(folder.c_str(), kNobody, kNobody) != 0) {
    return system_error("cannot hand the program over to an ordinary user", folder.string(), errno);
  }
  argv.front() = copy.string();
  LaunchPlan out;
  out.argv = as_nobody();
  out.argv.insert(out.argv.end(), argv.begin(), argv.end());
  out.user = fmt::format("user {}", kNobody);
  return out;
}

ProcessorHold::ProcessorHold(int processor) : processor_(processor) {
  known_ = ::sched_getaffinity(0, sizeof before_, &before_) == 0;
  if (!known_ || processor < 0 || processor >= CPU_SETSIZE) return;
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(static_cast<std::size_t>(processor), &only);
  held_ = ::sched_setaffinity(0, sizeof only, &only) == 0;
}

ProcessorHold::~ProcessorHold() {
  if (known_) ::sched_setaffinity(0, sizeof before_, &before_);
}

void ProcessorHold::away() {
  if (!held_) return;
  cpu_set_t others = before_;
  CPU_CLR(static_cast<std::size_t>(processor_), &others);
  if (CPU_COUNT(&others) == 0) others = before_;
  ::sched_setaffinity(0, sizeof others, &others);
}

}  // namespace aios::host
