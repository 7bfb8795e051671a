// SPDX-License-Identifier: Apache-2.0
#include "harness/store/verdict_note.h"

#include <fmt/format.h>

#include "harness/support/json.h"

namespace aios {
namespace {

constexpr std::uint64_t kMaxNote = 1U << 16;

fs::path note_file(const Store& store, const std::string& run) {
  return store.root() / "verdicts" / (file_name_for(run) + ".json");
}

}  // namespace

Status write_verdict(const Store& store, const VerdictNote& note) {
  const fs::path file = note_file(store, note.run);
  TRY(make_folders(file.parent_path()));
  const OrderedJson json{{"schema", 1},
                         {"run", note.run},
                         {"baseline", note.baseline},
                         {"verdict", note.verdict},
                         {"judged", note.judged}};
  return write_file_atomic(file, dump_json(json, 1) + "\n");
}

std::optional<VerdictNote> verdict_on(const Store& store, const std::string& run) {
  std::error_code code;
  const fs::path file = note_file(store, run);
  if (!fs::exists(file, code)) return std::nullopt;
  const auto text = read_file(file, kMaxNote);
  if (!text.ok()) return std::nullopt;
  const auto json = parse_json(*text, file.string());
  if (!json.ok() || !json->is_object()) return std::nullopt;
  VerdictNote note{run, string_or(*json, "baseline"), string_or(*json, "verdict"), string_or(*json, "judged")};
  if (note.verdict.empty()) return std::nullopt;
  return note;
}

Result<std::string> last_good_run(Store& store, const std::string& label) {
  RunFilter filter;
  filter.label = label;
  filter.outcome = "complete";
  filter.sealed_only = true;
  int refused = 0;
  for (const RunSummary& run : TRY(store.list(filter))) {
    if (!run.error.empty()) continue;
    const auto note = verdict_on(store, run.id);
    if (!note || note->verdict == "pass") return run.id;
    ++refused;
  }
  if (refused > 0) {
    return config_error(fmt::format("a gate has passed none of the {} runs labelled '{}'", refused, label),
                        store.root().string(), "name a run that is known to be good by its ID");
  }
  return config_error(fmt::format("there is no complete run labelled '{}'", label), store.root().string(),
                      fmt::format("make one: aios-bench run SUBJECT --label {}", label));
}

}  // namespace aios
