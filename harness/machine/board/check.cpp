// SPDX-License-Identifier: Apache-2.0
// What `doctor` says of a board: asked, not switched.
#include <fmt/format.h>

#include "harness/machine/board/board_machine.h"
#include "harness/support/text.h"

namespace aios::board {
namespace {

MachineFinding found_error(const Error& error, Health health) { return {health, error.what, error.hint}; }

}  // namespace

MachineFindings check(const MachineSpec& spec, const MachineEnvironment& environment) {
  if (!spec.board_settings) {
    return {{Health::missing, fmt::format("no table [machine.{}.board]", spec.name), "docs/boards.md has one"}};
  }
  const BoardSettings& settings = *spec.board_settings;
  MachineFindings out;
  const auto folder = lock_folder(settings);
  if (!folder.ok()) return {found_error(folder.error(), Health::missing)};
  const std::string key = board_key(settings);
  const LockState lock = look_at_lock(*folder, key);
  if (lock.alive) {
    out.push_back({Health::limited, "in use by " + lock.holder->describe(), "wait, or ask there"});
  } else if (lock.holder) {
    const auto done = finish_left_over(spec, environment);
    out.push_back(done.ok() ? MachineFinding{Health::good, *done, {}} : found_error(done.error(), Health::missing));
  }
  if (const auto kept = quarantine_of(*folder, key)) {
    out.push_back({Health::missing, fmt::format("in quarantine since {}: {}", kept->since, kept->why),
                   fmt::format("look at it, then: aios-bench boards clear {}", spec.name)});
  }
  const auto power = make_switch(settings.power, environment.cancel);
  const Result<bool> on = power.ok() ? power->is_on() : Result<bool>(power.error());
  out.push_back(on.ok() ? MachineFinding{Health::good,
                                         fmt::format("{} answers, the board is {}", power->name, *on ? "on" : "off"),
                                         {}}
                        : found_error(on.error(), Health::missing));
  if (settings.boot.kind == "netboot" && !lock.alive) {
    ServePlan plan;
    plan.bind = settings.boot.bind;
    plan.tftp_port = settings.boot.tftp_port;
    plan.http_port = settings.boot.http_port;
    const auto server = BootServer::start(plan, *environment.clock);
    if (!server.ok()) out.push_back(found_error(server.error(), Health::missing));
  }
  return out;
}

}  // namespace aios::board
