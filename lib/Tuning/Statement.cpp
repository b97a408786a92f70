//===- Statement.cpp - One statement of SQL -------------------------------===//

#include "Statement.h"
#include "amos/Tuning/Database.h"

using namespace amos;
using llvm::StringRef;

static StringRef describe(int code) {
  switch (code & 0xff) {
  case SQLITE_NOTADB:
    return "is no database of amosc";
  case SQLITE_CORRUPT:
    return "is damaged";
  case SQLITE_BUSY:
    return "is in use by a process that does not finish";
  case SQLITE_FULL:
    return "cannot grow, the disk is full";
  case SQLITE_READONLY:
    return "cannot be written";
  case SQLITE_CANTOPEN:
    return "cannot be opened";
  default:
    return {};
  }
}

llvm::Error amos::makeError(sqlite3 *connection, int code) {
  StringRef words = describe(code);
  std::string text = words.str();
  if (words.empty())
    text = std::string("cannot be used: ") +
           (connection ? sqlite3_errmsg(connection) : sqlite3_errstr(code));
  int kind = code & 0xff;
  return llvm::make_error<DatabaseError>(
      kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT, text);
}

llvm::Error amos::execute(sqlite3 *connection, const char *sql) {
  int code = sqlite3_exec(connection, sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? llvm::Error::success()
                           : makeError(connection, code);
}

Statement::Statement(sqlite3 *connection, StringRef sql)
    : connection(connection) {
  note(sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()),
                          &statement, nullptr));
}

Statement &Statement::bind(StringRef text) {
  // A null pointer would be NULL, which is not the empty text.
  const char *bytes = text.empty() ? "" : text.data();
  note(sqlite3_bind_text(statement, ++bound, bytes,
                         static_cast<int>(text.size()), SQLITE_STATIC));
  return *this;
}

Statement &Statement::bind(int64_t value) {
  note(sqlite3_bind_int64(statement, ++bound, value));
  return *this;
}

Statement &Statement::bind(double value) {
  note(sqlite3_bind_double(statement, ++bound, value));
  return *this;
}

bool Statement::step() {
  if (status != SQLITE_OK)
    return false;
  int code = sqlite3_step(statement);
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    note(code);
  return false;
}

void Statement::reset() {
  sqlite3_reset(statement);
  bound = 0;
}

std::string Statement::getText(int column) {
  const unsigned char *text = sqlite3_column_text(statement, column);
  return text ? std::string(reinterpret_cast<const char *>(text)) : "";
}

int64_t Statement::getInteger(int column) {
  return sqlite3_column_int64(statement, column);
}

double Statement::getReal(int column) {
  return sqlite3_column_double(statement, column);
}

llvm::Error Statement::finish() {
  return status == SQLITE_OK ? llvm::Error::success()
                             : makeError(connection, status);
}
