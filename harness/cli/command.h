// SPDX-License-Identifier: Apache-2.0
// How a command is added: one file a command, one line in the table of command_table.cpp. `define` declares its flags
// and returns what to do; completion and man pages are made from the same declaration.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/cli/flag_set.h"
#include "harness/support/result.h"

namespace aios {

struct Context;

// The exit code, or an error whose kind gives it.
using Action = std::function<Result<int>(Context&)>;

struct CommandSpec {
  std::string name;
  std::string summary;   // one line
  std::string examples;  // shown by --help and in the man page
  std::function<Action(FlagSet&)> define;
};

// All commands, in the order in which --help shows them.
std::vector<CommandSpec> command_table();

// Exit codes that scripts rely on.
inline constexpr int kExitMet = 0;
inline constexpr int kExitRegression = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInfrastructure = 3;
inline constexpr int kExitInconclusive = 4;
inline constexpr int kExitInternal = 70;
inline constexpr int kExitInterrupted = 130;

int exit_code(const Error& error);

}  // namespace aios
