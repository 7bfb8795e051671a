// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/commands.h"

namespace aios {

std::vector<CommandSpec> command_table() {
  return {doctor_command(),        gpus_command(),        boards_command(),     list_command(),      build_command(),
          run_command_spec(),      compare_command(),     explain_command(),    gate_command(),      bisect_command(),
          bisect_config_command(), detect_command(),      trend_command(),      calibrate_command(), claims_command(),
          report_command(),        diff_report_command(), site_command(),       export_command(),    import_command(),
          serve_command(),         push_command(),        watch_command(),      shell_command(),     log_command(),
          store_command(),         gc_command(),          completion_command(), man_command()};
}

}  // namespace aios
