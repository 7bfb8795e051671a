// SPDX-License-Identifier: Apache-2.0
#include "harness/machine/end_state.h"

namespace aios {

std::string_view to_string(EndState state) {
  switch (state) {
    case EndState::reached_markers:
      return "reached_markers";
    case EndState::finished:
      return "finished";
    case EndState::power_off:
      return "power_off";
    case EndState::guest_exit:
      return "guest_exit";
    case EndState::reset:
      return "reset";
    case EndState::triple_fault:
      return "triple_fault";
    case EndState::panic:
      return "panic";
    case EndState::oops:
      return "oops";
    case EndState::hang:
      return "hang";
    case EndState::silence:
      return "silence";
    case EndState::alive_but_invisible:
      return "alive_but_invisible";
    case EndState::lost_connection:
      return "lost_connection";
    case EndState::machine_died:
      return "machine_died";
    case EndState::loader_refusal:
      return "loader_refusal";
    case EndState::wrong_cpu:
      return "wrong_cpu";
    case EndState::flood:
      return "flood";
    case EndState::deadline:
      return "deadline";
    case EndState::cancelled:
      return "cancelled";
  }
  return "?";
}

ErrorKind blame(EndState state) {
  switch (state) {
    case EndState::silence:
    case EndState::lost_connection:
    case EndState::machine_died:
      return ErrorKind::infra_fault;
    case EndState::wrong_cpu:
      return ErrorKind::config;
    case EndState::cancelled:
      return ErrorKind::interrupted;
    default:
      return ErrorKind::kernel_fault;
  }
}

}  // namespace aios
