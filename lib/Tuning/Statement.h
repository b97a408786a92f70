//===- Statement.h - One statement of SQL -----------------------*- C++ -*-===//
#ifndef AMOS_LIB_TUNING_STATEMENT_H
#define AMOS_LIB_TUNING_STATEMENT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <sqlite3.h>

namespace amos {

/// A prepared statement. What goes wrong is kept: the rest does nothing then,
/// and `finish` tells.
class Statement {
public:
  Statement(sqlite3 *connection, llvm::StringRef sql);
  Statement(const Statement &) = delete;
  Statement &operator=(const Statement &) = delete;
  ~Statement() { sqlite3_finalize(statement); }

  /// Binds the next parameter. Text has to live until `reset`.
  Statement &bind(llvm::StringRef text);
  Statement &bind(int64_t value);
  Statement &bind(double value);
  /// Goes to the next row; false behind the last one and on errors.
  bool step();
  /// Makes it ready for other parameters.
  void reset();
  std::string getText(int column);
  int64_t getInteger(int column);
  double getReal(int column);
  /// What went wrong, if anything did.
  llvm::Error finish();

private:
  void note(int code) {
    if (status == SQLITE_OK)
      status = code;
  }

  sqlite3 *connection;
  sqlite3_stmt *statement = nullptr;
  int bound = 0;
  int status = SQLITE_OK;
};

/// Runs statements that have no parameters and whose rows nobody wants.
llvm::Error execute(sqlite3 *connection, const char *sql);

/// The error that `code` of `connection` stands for.
llvm::Error makeError(sqlite3 *connection, int code);

} // namespace amos

#endif // AMOS_LIB_TUNING_STATEMENT_H
