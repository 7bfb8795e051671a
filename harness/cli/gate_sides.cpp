// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/cli/gate_flags.h"
#include "harness/store/verdict_note.h"
#include "harness/support/json.h"

namespace aios {
namespace {

constexpr std::string_view kLastGood = "last-good:";
constexpr std::string_view kRun = "run:";

// A regular file that begins as a JSON object does.
bool looks_like_json(const std::string& word) {
  std::error_code code;
  if (!fs::is_regular_file(word, code)) return false;
  if (fs::path(word).extension() == ".json") return true;
  const auto head = read_file(word);
  if (!head.ok()) return false;
  const auto first =
      std::find_if(head->begin(), head->end(), [](char c) { return std::isspace(static_cast<unsigned char>(c)) == 0; });
  return first != head->end() && *first == '{';
}

// What `run --json` wrote, or the first run of a JSON report.
Result<RunRecord> run_of_file(const std::string& file) {
  const std::string text = TRY(read_file(file));
  const Json json = TRY(parse_json(text, file));
  if (!json.is_object()) return config_error("this is no run", file, "aios-bench run KERNEL --json writes one");
  if (json.contains("samples")) return run_from_json(text, file);
  const auto runs = json.find("runs");
  if (runs == json.end() || !runs->is_array() || runs->empty()) {
    return config_error("there is no run in this file", file, "aios-bench run KERNEL --json writes one");
  }
  return run_from_json(dump_json(runs->at(0)), file);
}

Result<RunRecord> stored_run(Store& store, const std::string& id) { return TRY(store.read_run(id)).run; }

bool has_own(const SubjectFlags& own) { return !own.append.empty() || !own.sysctls.empty(); }

Result<GateSide> as_stored(GateSide side, Result<RunRecord> run, const GateFlags& flags, const SubjectFlags& own) {
  side.stored = TRY(std::move(run));
  if (has_own(own) || has_own(flags.run.subject)) {
    return config_error(
        fmt::format("'{}' is a stored run: its command line and settings are what they were", side.word), {},
        "leave --append and --sysctl to the side that is measured");
  }
  return side;
}

}  // namespace

Result<GateSide> gate_side(const Context& context, Store& store, const std::string& word, const GateFlags& flags,
                           const SubjectFlags& own) {
  GateSide side;
  side.word = word;
  if (word.starts_with(kLastGood)) {
    const std::string id = TRY(last_good_run(store, word.substr(kLastGood.size())));
    context.progress.note(fmt::format("{}: run {}", word, id));
    return as_stored(std::move(side), stored_run(store, id), flags, own);
  }
  if (word.starts_with(kRun)) {
    return as_stored(std::move(side), stored_run(store, TRY(store.find(word.substr(kRun.size())))), flags, own);
  }
  if (looks_like_json(word)) return as_stored(std::move(side), run_of_file(word), flags, own);
  const auto subject = resolve_subject(context, word, {});
  if (!subject.ok()) {
    auto found = store.find(word);
    // Neither: the spelling of a subject is the likelier mistake.
    if (!found.ok()) return subject.error();
    context.progress.note(fmt::format("{}: stored run {}", word, *found));
    return as_stored(std::move(side), stored_run(store, *found), flags, own);
  }
  RunFlags run = flags.run;
  run.perturb = 0;  // the plan says
  run.boots = 0;
  run.subject.append.insert(run.subject.append.end(), own.append.begin(), own.append.end());
  run.subject.sysctls.insert(run.subject.sysctls.end(), own.sysctls.begin(), own.sysctls.end());
  side.request = TRY(make_request(context, word, run));
  if (side.request->subject.is_image()) side.request->markers = flags.markers;
  return side;
}

Result<RunRecord> gate_reference(const Context& context, Store& store, const std::string& word) {
  if (word.starts_with(kLastGood)) return stored_run(store, TRY(last_good_run(store, word.substr(kLastGood.size()))));
  if (looks_like_json(word)) return run_of_file(word);
  const std::string name = word.starts_with(kRun) ? word.substr(kRun.size()) : word;
  auto run = stored_run(store, TRY(store.find(name)));
  if (run.ok()) context.progress.note(fmt::format("reference {}: run {}", word, run->provenance.run));
  return run;
}

fs::path accepted_file(const GateFlags& flags, const GatePolicy& policy) {
  if (!flags.accepted.empty()) return flags.accepted;
  if (!policy.accepted.empty()) return fs::path(flags.policy).parent_path() / policy.accepted;
  return "gate-accepted.toml";
}

}  // namespace aios
