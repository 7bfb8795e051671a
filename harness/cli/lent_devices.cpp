// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/lent_devices.h"

#include <fmt/format.h>

#include "harness/cli/command.h"
#include "harness/passthrough/lending.h"
#include "harness/support/json.h"

namespace aios {
namespace {

passthrough::LendingEnvironment lending_environment(const Context& context) {
  passthrough::LendingEnvironment environment;
  environment.places = passthrough::lending_places();
  environment.clock = &context.clock;
  return environment;
}

std::vector<std::string> words_of(const passthrough::Returned& back) {
  std::vector<std::string> words;
  for (const auto& device : back.devices) words.push_back(device + " is back at its driver");
  for (const auto& note : back.notes) words.push_back(note);
  for (const auto& why : back.quarantined) {
    words.push_back(fmt::format("{} is in quarantine: {}; power-cycle the host", why.address, why.reason));
  }
  for (const auto& why : back.failed) words.push_back(why);
  return words;
}

}  // namespace

void give_back_lent_devices(Context& context) {
  const auto environment = lending_environment(context);
  if (!anything_left(environment.places)) return;
  const auto back = give_back_left(environment);
  if (!back.ok()) return context.progress.note(back.error().describe());
  for (const auto& word : words_of(*back)) context.progress.note("left by a run that was killed: " + word);
}

Result<int> restore_lent_devices(Context& context, bool json) {
  const auto back = TRY(give_back_left(lending_environment(context), true));
  const auto words = words_of(back);
  if (json) {
    OrderedJson quarantined = OrderedJson::array();
    for (const auto& why : back.quarantined) {
      quarantined.push_back({{"address", why.address}, {"reason", why.reason}, {"since", why.since}});
    }
    context.print(dump_json(OrderedJson{{"devices", back.devices},
                                        {"notes", back.notes},
                                        {"quarantined", quarantined},
                                        {"failed", back.failed}},
                            2) +
                  "\n");
  } else {
    for (const auto& word : words) context.print(word + "\n");
    if (words.empty()) context.print("No device is away from its driver\n");
  }
  return back.ok() ? kExitMet : kExitInfrastructure;
}

std::vector<DoctorRow> check_lent_devices() {
  std::vector<DoctorRow> rows;
  const auto places = passthrough::lending_places();
  for (const auto& record : passthrough::left_bindings(places.journal).records) {
    for (const auto& device : record.devices) {
      rows.push_back({"devices", device.address, Health::limited,
                      fmt::format("lent to a guest by process {}, or left so", record.pid),
                      "if that run is over: aios-bench doctor --restore"});
    }
  }
  for (const auto& why : passthrough::quarantined(places.journal)) {
    rows.push_back({"devices", why.address, Health::missing,
                    fmt::format("in quarantine since {}: {}", why.since, why.reason),
                    "power-cycle the host, then: aios-bench doctor --restore"});
  }
  return rows;
}

}  // namespace aios
