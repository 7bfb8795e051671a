// SPDX-License-Identifier: Apache-2.0
#include "harness/store/sql.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace aios {

Error sql_error(sqlite3* database, std::string_view what) {
  const char* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  const int code = database == nullptr ? SQLITE_NOMEM : sqlite3_errcode(database);
  return infra_fault(fmt::format("{}: {}", what, database == nullptr ? "out of memory" : sqlite3_errmsg(database)),
                     file == nullptr ? "" : file,
                     code == SQLITE_FULL ? "the disk is full: free some space" : "run: aios-bench store rebuild");
}

Status sql_execute(sqlite3* database, const char* sql) {
  if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return sql_error(database, "the index refuses");
  }
  return {};
}

Result<SqlStatement> SqlStatement::prepare(sqlite3* database, std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK) {
    return sql_error(database, "the index does not understand");
  }
  return SqlStatement(database, statement);
}

SqlStatement::SqlStatement(SqlStatement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)), next_(other.next_) {}

SqlStatement::~SqlStatement() { sqlite3_finalize(statement_); }

SqlStatement& SqlStatement::bind(std::string_view text) {
  sqlite3_bind_text(statement_, next_++, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return *this;
}

SqlStatement& SqlStatement::bind(std::int64_t number) {
  sqlite3_bind_int64(statement_, next_++, number);
  return *this;
}

Result<bool> SqlStatement::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      return sql_error(database_, "the index cannot be read or written");
  }
}

std::string SqlStatement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return bytes == nullptr ? "" : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::int64_t SqlStatement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

}  // namespace aios
