// SPDX-License-Identifier: Apache-2.0
// The little of SQLite that the index needs: a prepared statement with positional binds, and errors as values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/support/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace aios {

class SqlStatement {
 public:
  static Result<SqlStatement> prepare(sqlite3* database, std::string_view sql);
  SqlStatement(SqlStatement&& other) noexcept;
  SqlStatement(const SqlStatement&) = delete;
  SqlStatement& operator=(const SqlStatement&) = delete;
  ~SqlStatement();

  SqlStatement& bind(std::string_view text);
  SqlStatement& bind(std::int64_t number);
  Result<bool> step();  // true: a row is there
  std::string text(int column) const;
  std::int64_t integer(int column) const;

 private:
  SqlStatement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  sqlite3* database_;
  sqlite3_stmt* statement_;
  int next_ = 1;
};

Status sql_execute(sqlite3* database, const char* sql);
Error sql_error(sqlite3* database, std::string_view what);

}  // namespace aios
