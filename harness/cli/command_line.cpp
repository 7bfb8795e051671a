// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/command_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "harness/cli/context.h"
#include "harness/cli/interrupts.h"
#include "harness/cli/lent_devices.h"
#include "harness/cli/terminal_progress.h"
#include "harness/support/process.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr const char* kAbout =
    "aios-bench builds a kernel, boots it, measures it to the instruction, and says whether it got worse.";

constexpr const char* kFooter =
    "Exit codes: 0 met, 1 regression, missed target or the kernel's own fault, 2 usage or configuration,\n"
    "3 infrastructure, 4 inconclusive, 70 internal, 130 interrupted.\n"
    "Runs are kept in .aios-bench/ of the current folder, or in $AIOS_BENCH_HOME.";

bool environment_has(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

std::string typed_line(int argc, char** argv) {
  Command command;
  command.argv.emplace_back("aios-bench");
  for (int i = 1; i < argc; ++i) command.argv.emplace_back(argv[i]);
  return command.shell_line();
}

int report(const Error& error) {
  fmt::print(stderr, "aios-bench: {}\n", [&] {
    // Lines stay lines, everything else that a terminal might act on does not.
    std::string text;
    for (const auto& line : split(error.describe(), '\n')) text += (text.empty() ? "" : "\n") + printable(line);
    return text;
  }());
  return exit_code(error);
}

// CLI11 does not suggest; a misspelt command or flag should say what is near.
int report_usage(const CommandLine& line, const CLI::ParseError& error, int argc, char** argv) {
  std::string text = error.what();
  std::vector<std::string> names;
  for (const auto* command : line.commands) names.push_back(command->get_name());
  const CLI::App* used = nullptr;
  for (const auto* command : line.commands) {
    if (command->parsed()) used = command;
  }
  if (used == nullptr && argc > 1 && argv[1][0] != '-') {
    text = fmt::format("there is no command '{}'{}", argv[1], did_you_mean(argv[1], names));
  } else if (used != nullptr) {
    std::vector<std::string> flags;
    for (const auto* option : used->get_options()) {
      for (const auto& name : option->get_lnames()) flags.push_back("--" + name);
    }
    for (int i = 2; i < argc; ++i) {
      const std::string word(argv[i]);
      const std::string flag = word.substr(0, word.find('='));
      if (!flag.starts_with("--") || std::find(flags.begin(), flags.end(), flag) != flags.end()) continue;
      text = fmt::format("{} has no flag '{}'{}", used->get_name(), flag, did_you_mean(flag, flags));
      break;
    }
  }
  fmt::print(stderr, "aios-bench: {}\n  hint: aios-bench {}--help\n", printable(text),
             used != nullptr ? used->get_name() + " " : std::string());
  return kExitUsage;
}

int run_action(const CommandLine& line, const Action& action, int argc, char** argv) {
  const SystemClock clock;
  CancelToken cancel;
  const Interrupts interrupts(cancel);
  const bool live = isatty(STDERR_FILENO) != 0 && !environment_has("CI");
  TerminalProgress progress(clock, stderr, {live, *line.show_console, *line.quiet});
  Result<Paths> paths = find_paths();
  if (!paths.ok()) return report(paths.error());
  if (!line.machines->empty()) paths->named_machines = fs::absolute(*line.machines);
  Context context{clock, cancel, progress, std::move(paths).value(), typed_line(argc, argv)};
  context.colour = isatty(STDOUT_FILENO) != 0 && !environment_has("NO_COLOR");
  // The live line stands where results would: they wait until it is gone.
  if (live) std::setvbuf(stdout, nullptr, _IOFBF, 1U << 16);
  if (!std::string_view(argv[1]).starts_with("doctor")) give_back_lent_devices(context);  // doctor tells of them
  const Result<int> outcome = action(context);
  progress.finish();
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    if (errno == EPIPE) return kExitInfrastructure;  // the reader left (`| head`): it knows
    return report(infra_fault("cannot write the result to standard output"));
  }
  return outcome.ok() ? *outcome : report(outcome.error());
}

}  // namespace

CommandLine::CommandLine() = default;
CommandLine::~CommandLine() = default;
CommandLine::CommandLine(CommandLine&&) noexcept = default;

int exit_code(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kernel_fault:
      return kExitRegression;
    case ErrorKind::config:
      return kExitUsage;
    case ErrorKind::infra_fault:
      return kExitInfrastructure;
    case ErrorKind::interrupted:
      return kExitInterrupted;
    case ErrorKind::internal:
      return kExitInternal;
  }
  return kExitInternal;
}

CommandLine make_command_line() {
  CommandLine line;
  line.app = std::make_unique<CLI::App>(kAbout, "aios-bench");
  line.app->footer(kFooter);
  line.app->require_subcommand(1);
  line.app->set_version_flag("--version", "aios-bench " AIOS_VERSION);
  line.quiet = std::make_shared<bool>(false);
  line.show_console = std::make_shared<bool>(false);
  line.machines = std::make_shared<std::string>();
  for (const CommandSpec& spec : command_table()) {
    CLI::App* command = line.app->add_subcommand(spec.name, spec.summary);
    command->footer("Examples:\n" + spec.examples);
    FlagSet set(*command);
    line.actions.push_back(spec.define(set));
    command->add_flag("-q,--quiet", *line.quiet, "No progress on standard error")->group("Output");
    command->add_flag("-f,--follow,--console", *line.show_console, "Show the guest's console as it comes")
        ->group("Output");
    command->add_option("--machines", *line.machines, "A file of machines besides the project's and the user's")
        ->type_name("FILE")
        ->group("Machines");
    line.commands.push_back(command);
  }
  return line;
}

int run_command_line(int argc, char** argv) {
  const CommandLine line = make_command_line();
  try {
    line.app->parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    return line.app->exit(wanted);
  } catch (const CLI::ParseError& error) {
    return report_usage(line, error, argc, argv);
  }
  for (std::size_t i = 0; i < line.commands.size(); ++i) {
    if (line.commands[i]->parsed()) return run_action(line, line.actions[i], argc, argv);
  }
  return kExitUsage;
}

}  // namespace aios
