// SPDX-License-Identifier: Apache-2.0
// Inference with the real llama.cpp, and what the kernel does to it: see options.h for the command line.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "bench/guest/inference/background.h"
#include "bench/guest/inference/carried_model.h"
#include "bench/guest/inference/measure.h"
#include "scenarios/page_fault/huge_page_setting.h"

namespace aios::inference {
namespace {

constexpr int kUsage = 2, kFailed = 3;

// The carried model's file, which goes with the program.
struct CarriedFile {
  CarriedFile() = default;
  CarriedFile(const CarriedFile&) = delete;
  CarriedFile& operator=(const CarriedFile&) = delete;
  ~CarriedFile() {
    if (!path.empty()) ::unlink(path.c_str());
  }
  std::string path;
};

int fail(const std::string& why) {
  std::fprintf(stderr, "inference: %s\n", why.c_str());
  return kFailed;
}

// The way that takes another allocator's setting is a program of its own: that is read before main.
int load_with_huge_pages(const Options& options, const std::string& file) {
  std::string words[] = {
      "inference", options.scenario, "--load-way", "read_huge", "--model", file, options.exact ? "--exact" : "--tokens",
      "1"};
  char* pointers[10] = {};
  int count = 0;
  for (std::string& word : words) pointers[count++] = word.data();
  char console[] = "--console";
  if (options.console) pointers[count] = console;
  scenario::page_fault::HugePageSetting setting;
  setting.allow();  // where it may not, the figure says what the kernel does by itself
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 1);
    ::execv("/proc/self/exe", pointers);
    ::_exit(127);
  }
  int status = 0;
  const bool ended = child > 0 && ::waitpid(child, &status, 0) == child;
  setting.put_back();
  return ended && status == 0 ? 0 : fail("the model could not be loaded with huge pages");
}

int run(const Options& options) {
  std::string error;
  CarriedFile carried;
  std::string file = options.model;
  if (file.empty()) {
    // Of this process alone: another one of this program may have its own mapped.
    carried.path = file = options.folder + "/inference-" + std::to_string(::getpid()) + ".gguf";
    if (!write_carried_model(file, error)) return fail(error);
  }
  start_library();
  Report report(options.scenario, options.exact, options.console);
  bench::RegionNumbers regions(bench::kRegionsFile);
  Measure measure(options, report, regions);
  if (options.load_way == "read_huge") {
    measure.load(file, LoadWay::read, options.load_way);
    return 0;
  }
  measure.overhead();
  if (options.prefill || !options.arms.empty()) {
    const auto model = Model::load(file, LoadWay::mapped, error);
    const auto session = model == nullptr ? nullptr : Session::open(*model, error);
    if (session == nullptr) return fail(error);
    if (options.prefill) measure.prefill(*session);
    for (const Arm& arm : options.arms) measure.arm(*session, arm);
  }
  if (options.load) {
    measure.load(file, LoadWay::mapped, "mmap");
    measure.load(file, LoadWay::read, "read");
  }
  end_library();
  std::fflush(stdout);
  return options.load ? load_with_huge_pages(options, file) : 0;
}

}  // namespace
}  // namespace aios::inference

int main(int count, char** words) {
  const auto options = aios::inference::parse_options(count, words);
  if (!options.error.empty()) {
    std::fprintf(stderr, "inference: %s\n", options.error.c_str());
    return aios::inference::kUsage;
  }
  if (!options.background.empty()) return aios::inference::run_background(options);
  return aios::inference::run(options);
}
