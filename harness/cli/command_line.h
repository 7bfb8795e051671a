// SPDX-License-Identifier: Apache-2.0
// The command line as a whole: parses, prepares the context, runs one command, and turns its outcome into an exit code.
#pragma once

#include <memory>
#include <vector>

#include "harness/cli/command.h"

namespace aios {

int run_command_line(int argc, char** argv);

// The parser with every command declared on it; what completion and man pages read. actions[i] belongs to subcommand i.
struct CommandLine {
  std::unique_ptr<CLI::App> app;
  std::vector<CLI::App*> commands;
  std::vector<Action> actions;
  std::shared_ptr<bool> quiet, show_console;
  std::shared_ptr<std::string> machines;  // --machines FILE

  CommandLine();
  ~CommandLine();
  CommandLine(CommandLine&&) noexcept;
};
CommandLine make_command_line();

}  // namespace aios
