// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/doctor_checks.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <thread>

#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct Tool {
  const char* group;
  const char* program;
  const char* package;
  const char* use;
  bool required;
};

constexpr Tool kTools[] = {
    {"emulator", "qemu-system-x86_64", "qemu-system-x86", "boots kernels", true},
    {"build", "gcc", "build-essential", "compiles kernels", true},
    {"build", "make", "build-essential", "compiles kernels", true},
    {"build", "bc", "bc", "compiles kernels", true},
    {"build", "bison", "bison", "configures kernels", true},
    {"build", "flex", "flex", "configures kernels", true},
    {"build", "xz", "xz-utils", "unpacks kernel sources", true},
    {"build", "dpkg-deb", "dpkg", "unpacks the distribution's kernel", true},
    {"build", "apt-get", "apt", "fetches the distribution's kernel", false},
    {"build", "git", "git", "kernel sources from a git tree", false},
    {"build", "ccache", "ccache", "makes a second build some fifteen times as fast", false},
    {"build", "pahole", "dwarves", "BTF, for the trace variant", false},
    {"images", "grub-mkrescue", "grub-common grub-pc-bin", "GRUB ISOs", false},
    {"images", "xorriso", "xorriso", "GRUB ISOs", false},
    {"images", "mformat", "mtools", "GRUB ISOs that boot under UEFI", false},
    {"images", "busybox", "busybox-static", "aios-bench shell", false},
};

std::string first_line_of(const char* program) {
  CaptureOptions options;
  options.timeout = std::chrono::seconds(10);
  options.merge_stderr = true;
  const auto got = run_command({.argv = {program, "--version"}}, options);
  if (!got.ok() || !got->exit.success()) return {};
  return printable(split(got->out, '\n').front());
}

}  // namespace

std::vector<DoctorRow> check_tools() {
  std::vector<DoctorRow> rows;
  for (const Tool& tool : kTools) {
    DoctorRow row{tool.group, tool.program, Health::good, {}, {}, tool.required};
    const fs::path found = find_program(tool.program);
    if (found.empty()) {
      row.health = tool.required ? Health::missing : Health::limited;
      row.detail = fmt::format("not installed ({})", tool.use);
      row.remedy = fmt::format("apt-get install {}   (or run ci/setup)", tool.package);
    } else {
      row.detail = std::string_view(tool.program).starts_with("qemu") ? first_line_of(tool.program) : found.string();
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<DoctorRow> check_parts(const Paths& paths) {
  std::vector<DoctorRow> rows;
  for (const auto& [name, path] :
       {std::pair{"counting plugin", paths.plugin}, std::pair{"aios-init", paths.guest / "init"},
        std::pair{"operations", paths.guest / "bin" / "operations"},
        std::pair{"checklist", paths.guest / "bin" / "checklist"},
        std::pair{"footprint", paths.guest / "bin" / "footprint"}}) {
    std::error_code ignored;
    const bool there = fs::is_regular_file(path, ignored);
    rows.push_back({"parts", name, there ? Health::good : Health::missing, path.string(),
                    there ? "" : "ci/build release guest_programs", true});
  }
  std::error_code ignored;
  const fs::path inference = paths.guest / "bin" / "inference";
  const bool built = fs::is_regular_file(inference, ignored);
  rows.push_back({"parts", "inference", built ? Health::good : Health::limited,
                  built ? inference.string() : "not built: the scenario inference cannot be run",
                  built ? "" : "ci/build release inference   (fetches llama.cpp; four minutes of processor time)",
                  false});
  return rows;
}

std::vector<DoctorRow> check_store(const Paths& paths) {
  std::vector<DoctorRow> rows;
  std::error_code ignored;
  fs::path existing = paths.store;
  while (!fs::exists(existing, ignored) && existing.has_parent_path() && existing != existing.parent_path()) {
    existing = existing.parent_path();
  }
  const bool writable = ::access(existing.c_str(), W_OK) == 0;
  rows.push_back({"store", "writable", writable ? Health::good : Health::missing, paths.store.string(),
                  writable ? "" : "set AIOS_BENCH_HOME to a folder that you may write to", true});
  struct statvfs space {};
  if (::statvfs(existing.c_str(), &space) == 0) {
    const double free = static_cast<double>(space.f_bavail) * static_cast<double>(space.f_frsize);
    constexpr double kKernelTree = 6.0 * (1ULL << 30);
    const bool enough = free >= kKernelTree;
    rows.push_back(
        {"store", "free space", enough ? Health::good : Health::limited, human_bytes(free),
         enough ? "" : "a kernel build takes some 6 GiB: free space, or set AIOS_BENCH_HOME to a larger disk"});
  }
  const unsigned cores = std::thread::hardware_concurrency();
  rows.push_back({"host", "processors", Health::good, fmt::format("{}", cores), {}});
  return rows;
}

}  // namespace aios
