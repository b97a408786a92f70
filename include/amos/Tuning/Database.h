//===- Database.h - Measurements that last ----------------------*- C++ -*-===//
#ifndef AMOS_TUNING_DATABASE_H
#define AMOS_TUNING_DATABASE_H

#include "amos/Tuning/Measurement.h"
#include "llvm/ADT/ArrayRef.h"
#include <memory>

struct sqlite3;

namespace amos {

/// Why a database cannot be used.
class DatabaseError : public llvm::ErrorInfo<DatabaseError> {
public:
  static char ID;
  DatabaseError(bool isRejected, std::string text)
      : isRejected(isRejected), text(std::move(text)) {}
  void log(llvm::raw_ostream &stream) const override { stream << text; }
  std::error_code convertToErrorCode() const override;

  /// The file is none of ours, damaged or of a newer amosc; else something
  /// around it is wrong: no room, no permission, somebody who never finishes.
  const bool isRejected;

private:
  std::string text;
};

/// A file of measurements. Every function is one transaction: other processes
/// see all of it or nothing, also when this one is killed.
class Database {
public:
  enum class Mode {
    Read, ///< the file exists
    Write ///< is created where there is none, with its folder
  };
  static llvm::Expected<Database> open(llvm::StringRef path, Mode mode);
  Database(Database &&other) = default;
  Database &operator=(Database &&other) = default;
  ~Database();

  /// Adds what is not there yet; how many measurements that were.
  llvm::Expected<size_t> add(const MeasurementSet &set);
  /// Operators whose fingerprint begins with `prefix`, and all that was
  /// measured of them, in an order of their own, whoever added them.
  llvm::Expected<MeasurementSet> read(llvm::StringRef prefix = "");
  /// Removes the measurements with these ids, and operators of which none is
  /// left.
  llvm::Error remove(llvm::ArrayRef<std::string> ids);

private:
  struct Close {
    void operator()(sqlite3 *connection) const;
  };
  Database(sqlite3 *connection, llvm::StringRef path)
      : connection(connection), path(path) {}
  llvm::Error prepare(Mode mode);
  llvm::Error examine(bool &isNew);
  llvm::Error create();
  llvm::Error transact(llvm::function_ref<llvm::Error()> work);

  std::unique_ptr<sqlite3, Close> connection;
  std::string path;
};

/// Where the database is without `--db` and AMOS_DB: in `amosc` below
/// XDG_DATA_HOME, or `~/.local/share`. Empty when there is no home.
std::string getDefaultDatabase();

} // namespace amos

#endif // AMOS_TUNING_DATABASE_H
