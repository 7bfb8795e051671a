// SPDX-License-Identifier: Apache-2.0
// The store: what is in it, its index, and how runs travel between stores.
#include "harness/store/store.h"

#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/context.h"
#include "harness/cli/text_style.h"
#include "harness/store/transfer.h"
#include "harness/support/json.h"
#include "harness/support/text.h"

namespace aios {
namespace {

struct StoreFlags {
  std::string what;
  std::vector<std::string> words;
  bool json = false;
};

Result<int> list(const Context& context, Store& store, const StoreFlags& flags) {
  const auto runs = TRY(store.list());
  if (flags.json) {
    OrderedJson rows = OrderedJson::array();
    for (const auto& run : runs) {
      rows.push_back({{"run", run.id},
                      {"started", run.started},
                      {"subject", run.subject},
                      {"kernel", run.kernel},
                      {"machine", run.machine},
                      {"mode", run.mode},
                      {"fidelity", run.fidelity},
                      {"label", run.label},
                      {"outcome", run.outcome},
                      {"scenarios", run.scenarios},
                      {"boots", run.boots},
                      {"samples", run.samples},
                      {"sealed", run.sealed},
                      {"error", run.error}});
    }
    context.print(dump_json(rows, 2) + "\n");
    return kExitMet;
  }
  TextTable table({{"run"},
                   {"started"},
                   {"subject", false, true},
                   {"machine"},
                   {"outcome"},
                   {"boots", true},
                   {"samples", true},
                   {"label", false, true}});
  for (const auto& run : runs) {
    table.row({{run.id},
               {run.started},
               {run.subject},
               {run.machine},
               {run.error.empty() ? run.outcome : run.error, run.outcome == "complete" ? Tone::plain : Tone::warn},
               {std::to_string(run.boots)},
               {std::to_string(run.samples)},
               {run.label}});
  }
  context.print(table.empty() ? "no runs yet; aios-bench run debian makes one\n" : table.render(text_style(context)));
  return kExitMet;
}

Result<int> transfer(Context& context, Store& store, const StoreFlags& flags) {
  if (flags.words.empty()) {
    return config_error(fmt::format("`store {}` wants a folder", flags.what), {},
                        fmt::format("aios-bench store {} DIR [RUN...]", flags.what));
  }
  if (flags.words[0].find("://") != std::string::npos) {
    return config_error("only folders can be pushed to and pulled from", flags.words[0],
                        "mount the place, or copy the folder with rsync and push to the copy");
  }
  const bool push = flags.what == "push";
  std::error_code ignored;
  if (!push && !fs::is_directory(flags.words[0], ignored)) {
    return config_error("there is no such folder to pull from", flags.words[0]);
  }
  Store other = TRY(Store::open(flags.words[0]));
  std::vector<std::string> only;
  for (std::size_t i = 1; i < flags.words.size(); ++i) only.push_back(TRY((push ? store : other).find(flags.words[i])));
  const TransferReport report =
      TRY(transfer_runs(push ? store : other, push ? other : store, only, context.progress, context.cancel));
  if (flags.json) {
    context.print(dump_json(OrderedJson{{"copied", report.copied},
                                        {"present", report.present},
                                        {"unsealed", report.unsealed},
                                        {"conflicts", report.conflicts},
                                        {"bytes", report.bytes}},
                            2) +
                  "\n");
  } else {
    context.print(fmt::format("{} runs copied ({}), {} were there already, {} have not ended\n", report.copied.size(),
                              human_bytes(static_cast<double>(report.bytes)), report.present.size(),
                              report.unsealed.size()));
    for (const auto& conflict : report.conflicts) context.print("left out: " + printable(conflict) + "\n");
  }
  return report.conflicts.empty() ? kExitMet : kExitInfrastructure;
}

Result<int> verify(Context& context, Store& store, const StoreFlags& flags) {
  std::vector<std::string> ids;
  for (const auto& word : flags.words) ids.push_back(TRY(store.find(word)));
  if (ids.empty()) {
    for (const auto& run : TRY(store.list())) {
      if (run.sealed) ids.push_back(run.id);
    }
  }
  int damaged = 0;
  OrderedJson rows = OrderedJson::array();
  for (const auto& id : ids) {
    TRY(context.cancel.check());
    const Status whole = store.verify(id);
    rows.push_back({{"run", id}, {"whole", whole.ok()}, {"error", whole.ok() ? "" : whole.error().describe()}});
    if (whole.ok()) continue;
    ++damaged;
    if (!flags.json) context.print(fmt::format("damaged: {}: {}\n", id, printable(whole.error().describe())));
  }
  if (flags.json) {
    context.print(dump_json(rows, 2) + "\n");
  } else {
    context.print(fmt::format("{} runs held against their seals, {} damaged\n", ids.size(), damaged));
  }
  return damaged == 0 ? kExitMet : kExitInfrastructure;
}

Result<int> store_action(Context& context, const StoreFlags& flags) {
  Store store = TRY(Store::open(context.paths.store));
  if (flags.what == "list") return list(context, store, flags);
  if (flags.what == "verify") return verify(context, store, flags);
  if (flags.what != "rebuild") return transfer(context, store, flags);
  TRY(store.rebuild());
  const auto runs = TRY(store.list());
  context.print(flags.json ? dump_json(OrderedJson{{"runs", runs.size()}}, 2) + "\n"
                           : fmt::format("the index speaks of {} runs\n", runs.size()));
  return kExitMet;
}

}  // namespace

CommandSpec store_command() {
  return {"store", "List, verify, push, pull the stored runs, or rebuild their index",
          "  aios-bench store list\n  aios-bench store push /mnt/lab/runs\n  aios-bench store rebuild",
          [](FlagSet& set) -> Action {
            auto flags = std::make_shared<StoreFlags>();
            set.add("WHAT", flags->what, "list, verify, rebuild, push or pull",
                    {.required = true, .choices = {"list", "verify", "rebuild", "push", "pull"}});
            set.add("DIR_OR_RUN", flags->words, "push, pull: the folder, then runs; verify: runs");
            set.add("--json", flags->json, "One JSON document on standard output");
            return [flags](Context& context) { return store_action(context, *flags); };
          }};
}

}  // namespace aios
