// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/command_line.h"

int main(int argc, char** argv) { return aios::run_command_line(argc, argv); }
