// SPDX-License-Identifier: Apache-2.0
#include "harness/build/make_run.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "harness/support/process.h"

namespace aios {
namespace {

// Seen on 6.12: 811 options on are 2,386 steps, and one step is 0.4 s of processor time.
constexpr double kStepsAnOption = 2.95;
constexpr double kSecondsAStep = 0.4;

// __FILE__ must not tell where the build took place. The kernel maps the absolute source path away by itself, but
// ccache makes paths relative (that is how it finds objects again from another folder), and those need a map of their
// own.
std::string path_maps(const MakeRun& run) {
  std::string flags;
  for (const fs::path& folder : {run.source, run.module}) {
    if (folder.empty()) continue;
    flags += fmt::format("{}-fmacro-prefix-map={}/= -fmacro-prefix-map={}/=", flags.empty() ? "" : " ", folder.string(),
                         folder.lexically_relative(run.objects).string());
  }
  return flags;
}

class LogFile {
 public:
  explicit LogFile(const fs::path& path) : file_(std::fopen(path.c_str(), "ae")) {
    if (file_ != nullptr) std::setvbuf(file_, nullptr, _IOLBF, 0);  // whole even if the harness is killed
  }
  ~LogFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;
  bool open() const { return file_ != nullptr; }
  void line(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), file_);
    std::fputc('\n', file_);
  }

 private:
  std::FILE* file_;
};

std::optional<double> time_left(const MakeRun& run, std::uint64_t done, double elapsed) {
  if (run.expected == 0 || done >= run.expected) return std::nullopt;
  const double share = static_cast<double>(done) / static_cast<double>(run.expected);
  // The first steps say little about the rest: what was expected weighs less and less.
  const double by_pace = share > 0 ? elapsed / share - elapsed : run.expected_seconds;
  const double by_memory = run.expected_seconds * (1 - share);
  const double trust = std::min(1.0, share * 4);
  return run.expected_seconds > 0 ? trust * by_pace + (1 - trust) * by_memory : by_pace;
}

}  // namespace

Result<std::uint64_t> run_make(const MakeRun& run, const Toolchain& toolchain, const BuildEnv& env) {
  TRY(make_folders(run.log.parent_path()));
  LogFile file(run.log);
  if (!file.open()) return system_error("cannot write the build log", run.log.string(), errno);

  Command command{
      .argv = {"make", "-C", run.source.string(), "O=" + run.objects.string(), fmt::format("-j{}", job_count(env))},
      .env = make_environment(env)};
  for (auto& word : compiler_words(toolchain)) command.argv.push_back(std::move(word));
  for (const char* variable : {"KCFLAGS", "KAFLAGS"})
    command.argv.push_back(fmt::format("{}={}", variable, path_maps(run)));
  if (!run.module.empty()) command.argv.push_back("M=" + run.module.string());
  command.argv.insert(command.argv.end(), run.words.begin(), run.words.end());
  file.line("$ " + command.shell_line());

  BuildLog log(run.source.string());
  const SystemClock clock;
  const Duration start = clock.monotonic();
  CaptureOptions options{.limit = 4096, .merge_stderr = true, .cancel = env.cancel};
  options.on_line = [&](std::string_view line) {
    file.line(line);
    const auto target = log.line(line);
    if (!target) return;
    const std::uint64_t total = run.expected == 0 ? 0 : std::max(run.expected, log.steps());
    env.progress->step({.text = fmt::format("{}: {}", run.title, *target),
                        .done = log.steps(),
                        .total = total,
                        .seconds_left = time_left(run, log.steps(), seconds(clock.monotonic() - start))});
  };
  const Captured captured = TRY(run_command(std::move(command), options));
  if (!captured.exit.success()) return build_error(log, run.subject, run.log.string());
  return log.steps();
}

BuildPace read_pace(const fs::path& file) {
  BuildPace pace;
  const auto text = read_file(file, 256);
  unsigned long long steps = 0;
  if (text.ok() && std::sscanf(text->c_str(), "%llu %lf", &steps, &pace.seconds) == 2) pace.steps = steps;
  return pace;
}

Status write_pace(const fs::path& file, const BuildPace& pace) {
  TRY(make_folders(file.parent_path()));
  return write_file_atomic(file, fmt::format("{} {:.1f}\n", pace.steps, pace.seconds));
}

BuildPace guess_pace(const ConfigValues& config, int jobs) {
  const auto on = std::count_if(config.begin(), config.end(),
                                [](const auto& option) { return option.second == "y" || option.second == "m"; });
  const double steps = kStepsAnOption * static_cast<double>(on);
  return {static_cast<std::uint64_t>(steps), steps * kSecondsAStep / std::max(1, jobs)};
}

}  // namespace aios
