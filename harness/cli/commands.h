// SPDX-License-Identifier: Apache-2.0
// Every command, one file each.
#pragma once

#include "harness/cli/command.h"

namespace aios {

CommandSpec doctor_command();
CommandSpec gpus_command();
CommandSpec boards_command();
CommandSpec list_command();
CommandSpec build_command();
CommandSpec run_command_spec();
CommandSpec compare_command();
CommandSpec gate_command();
CommandSpec explain_command();
CommandSpec bisect_command();
CommandSpec bisect_config_command();
CommandSpec detect_command();
CommandSpec trend_command();
CommandSpec calibrate_command();
CommandSpec claims_command();
CommandSpec report_command();
CommandSpec diff_report_command();
CommandSpec site_command();
CommandSpec export_command();
CommandSpec import_command();
CommandSpec serve_command();
CommandSpec push_command();
CommandSpec watch_command();
CommandSpec shell_command();
CommandSpec log_command();
CommandSpec store_command();
CommandSpec gc_command();
CommandSpec completion_command();
CommandSpec man_command();

}  // namespace aios
