// SPDX-License-Identifier: Apache-2.0
#include "harness/store/run_index.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <map>

#include "harness/store/bundle.h"
#include "harness/store/run_id.h"
#include "harness/store/seal.h"
#include "harness/store/sql.h"
#include "harness/support/text.h"

namespace aios {
namespace {

constexpr int kIndexVersion = 2;
constexpr int kBusyMilliseconds = 20'000;  // another process's write is short; a slow disk is not
constexpr const char* kTables = R"(
  CREATE TABLE IF NOT EXISTS runs(
    id TEXT PRIMARY KEY, started TEXT, subject TEXT, kernel TEXT, machine TEXT, mode TEXT, fidelity TEXT, label TEXT,
    outcome TEXT, scenarios TEXT, boots INTEGER, samples INTEGER, sealed INTEGER, seal TEXT, error TEXT,
    finished TEXT, lab_faults INTEGER, own_words INTEGER);
  CREATE INDEX IF NOT EXISTS runs_by_subject ON runs(subject, machine, id);
  CREATE INDEX IF NOT EXISTS runs_by_label ON runs(label);
)";

std::int64_t lab_faults(const RunRecord& run) {
  std::int64_t faults = 0;
  for (const BootRecord& boot : run.boots) {
    faults += boot.attempts - 1;
    if (boot.error_kind == to_string(ErrorKind::infra_fault)) ++faults;
  }
  return faults;
}

}  // namespace

void RunIndex::Close::operator()(sqlite3* database) const { sqlite3_close(database); }

std::vector<std::string> bundle_ids(const fs::path& runs) {
  std::vector<std::string> out;
  std::error_code code;
  for (fs::directory_iterator it(runs, code), end; !code && it != end; it.increment(code)) {
    const std::string name = it->path().filename().string();
    if (is_run_id(name)) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

RunSummary summarise_bundle(const fs::path& folder) {
  RunSummary out;
  out.id = folder.filename().string();
  const auto stored = read_bundle(folder);
  if (!stored.ok()) {
    out.outcome = "unreadable";
    out.error = stored.error().describe();
    return out;
  }
  const RunRecord& run = stored->run;
  out.started = run.provenance.started;
  out.subject = run.subject;
  out.kernel = run.kernel;
  out.machine = run.machine;
  out.mode = run.mode;
  out.fidelity = to_string(run.fidelity);
  out.label = run.label;
  out.outcome = run.outcome;
  out.scenarios = run.scenarios;
  out.boots = static_cast<std::int64_t>(run.boots.size());
  out.samples = static_cast<std::int64_t>(run.samples.size());
  out.finished = run.provenance.finished;
  out.lab_faults = lab_faults(run);
  out.own_words = !run.append.empty() || !run.sysctls.empty();
  out.sealed = stored->sealed;
  out.seal = seal_hash(folder);
  return out;
}

Result<RunIndex> RunIndex::open_once(const fs::path& database, const fs::path& runs) {
  sqlite3* raw = nullptr;
  const int opened = sqlite3_open_v2(database.c_str(), &raw,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<sqlite3, Close> handle(raw);
  if (opened != SQLITE_OK) return sql_error(raw, "cannot open the index");
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  // Where the file system cannot do it, SQLite keeps its rollback journal: slower, as safe.
  sqlite3_exec(raw, "PRAGMA journal_mode=WAL", nullptr, nullptr, nullptr);
  TRY(sql_execute(raw, "PRAGMA synchronous=NORMAL"));
  {
    auto version = TRY(SqlStatement::prepare(raw, "PRAGMA user_version"));
    const bool row = TRY(version.step());
    const std::int64_t found = row ? version.integer(0) : 0;
    if (found != 0 && found != kIndexVersion) return infra_fault("the index is of another version", database.string());
  }
  TRY(sql_execute(raw, kTables));
  TRY(sql_execute(raw, fmt::format("PRAGMA user_version={}", kIndexVersion).c_str()));
  return RunIndex(std::move(handle), database, runs);
}

Result<RunIndex> RunIndex::open(const fs::path& database, const fs::path& runs) {
  Result<RunIndex> first = open_once(database, runs);
  if (first.ok()) return first;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    std::error_code ignored;
    fs::remove(database.string() + suffix, ignored);
  }
  return open_once(database, runs);
}

Status RunIndex::write(const RunSummary& run) {
  auto insert = TRY(SqlStatement::prepare(database_.get(),
                                          "INSERT OR REPLACE INTO runs VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"));
  insert.bind(run.id).bind(run.started).bind(run.subject).bind(run.kernel).bind(run.machine).bind(run.mode);
  insert.bind(run.fidelity).bind(run.label).bind(run.outcome).bind(join(run.scenarios, " ")).bind(run.boots);
  insert.bind(run.samples).bind(std::int64_t{run.sealed}).bind(run.seal).bind(run.error);
  insert.bind(run.finished).bind(run.lab_faults).bind(std::int64_t{run.own_words});
  TRY(insert.step());
  return {};
}

Status RunIndex::put(const std::string& id) { return write(summarise_bundle(runs_ / id)); }

Status RunIndex::refresh() {
  std::map<std::string, bool> known;  // id -> final
  {
    auto rows = TRY(SqlStatement::prepare(database_.get(), "SELECT id, sealed FROM runs"));
    while (TRY(rows.step())) known[rows.text(0)] = rows.integer(1) != 0;
  }
  std::vector<RunSummary> changed;
  for (const std::string& id : bundle_ids(runs_)) {
    const auto found = known.find(id);
    if (found == known.end() || !found->second) changed.push_back(summarise_bundle(runs_ / id));
    if (found != known.end()) known.erase(found);
  }
  if (changed.empty() && known.empty()) return {};
  TRY(sql_execute(database_.get(), "BEGIN IMMEDIATE"));
  Status done;
  for (const RunSummary& summary : changed) {
    if (done.ok()) done = write(summary);
  }
  for (const auto& [gone, sealed] : known) {
    if (!done.ok()) break;
    auto remove = SqlStatement::prepare(database_.get(), "DELETE FROM runs WHERE id=?");
    done = remove.ok() ? Status() : Status(remove.error());
    if (done.ok()) {
      const auto stepped = remove->bind(gone).step();
      if (!stepped.ok()) done = stepped.error();
    }
  }
  const Status ended = sql_execute(database_.get(), done.ok() ? "COMMIT" : "ROLLBACK");
  return done.ok() ? ended : done;
}

Status RunIndex::rebuild() {
  TRY(sql_execute(database_.get(), "DELETE FROM runs"));
  return refresh();
}

Result<std::vector<RunSummary>> RunIndex::list(const RunFilter& filter) const {
  std::string sql =
      "SELECT id,started,subject,kernel,machine,mode,fidelity,label,outcome,scenarios,boots,samples,sealed,seal,error,"
      "finished,lab_faults,own_words "
      "FROM runs WHERE 1";
  std::vector<std::string> values;
  const auto where = [&](const char* column, const std::string& value) {
    if (value.empty()) return;
    sql += fmt::format(" AND {}=?", column);
    values.push_back(value);
  };
  where("subject", filter.subject);
  where("kernel", filter.kernel);
  where("machine", filter.machine);
  where("mode", filter.mode);
  where("label", filter.label);
  where("outcome", filter.outcome);
  if (!filter.scenario.empty()) {
    sql += " AND instr(' '||scenarios||' ', ' '||?||' ')>0";
    values.push_back(filter.scenario);
  }
  if (filter.sealed_only) sql += " AND sealed=1";
  sql += " ORDER BY id DESC";  // an id begins with its date and time
  if (filter.limit > 0) sql += fmt::format(" LIMIT {}", filter.limit);
  auto rows = TRY(SqlStatement::prepare(database_.get(), sql));
  for (const std::string& value : values) rows.bind(value);
  std::vector<RunSummary> out;
  while (TRY(rows.step())) {
    RunSummary run;
    int column = 0;
    for (std::string* field : {&run.id, &run.started, &run.subject, &run.kernel, &run.machine, &run.mode, &run.fidelity,
                               &run.label, &run.outcome}) {
      *field = rows.text(column++);
    }
    run.scenarios = split_words(rows.text(9));
    run.boots = rows.integer(10);
    run.samples = rows.integer(11);
    run.sealed = rows.integer(12) != 0;
    run.seal = rows.text(13);
    run.error = rows.text(14);
    run.finished = rows.text(15);
    run.lab_faults = rows.integer(16);
    run.own_words = rows.integer(17) != 0;
    out.push_back(std::move(run));
  }
  return out;
}

Result<std::vector<std::string>> RunIndex::ids_with_prefix(const std::string& prefix) const {
  auto rows = TRY(SqlStatement::prepare(database_.get(), "SELECT id FROM runs WHERE substr(id,1,?)=? ORDER BY id"));
  rows.bind(static_cast<std::int64_t>(prefix.size())).bind(prefix);
  std::vector<std::string> out;
  while (TRY(rows.step())) out.push_back(rows.text(0));
  return out;
}

}  // namespace aios
