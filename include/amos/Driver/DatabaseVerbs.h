//===- DatabaseVerbs.h - The verbs of amosc db ------------------*- C++ -*-===//
//
// Every verb ends with Input when a file is none of ours or damaged, which is
// left as it is then, and with Environment when it cannot be read or written.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_DATABASEVERBS_H
#define AMOS_DRIVER_DATABASEVERBS_H

#include "amos/Driver/ExitCode.h"
#include "amos/Tuning/Database.h"

namespace amos {

/// The file that `--db` names, else that of AMOS_DB, else the default one.
/// Empty, after a message, when there is none of them.
std::string locateDatabase(llvm::StringRef asked);

/// Reads operators whose fingerprints begin with `prefix`, from the file that
/// `asked` names or the usual one. A default one that does not exist holds
/// nothing.
ExitCode readDatabase(llvm::StringRef asked, llvm::StringRef prefix,
                      MeasurementSet &set);

/// Prints `error`; the exit code that it stands for.
ExitCode reportDatabaseError(llvm::Error error);

/// Which processor and compiler measurements have to be of to count here; for
/// code of a device the compiler alone.
Environment getEnvironment(bool isDevice);

struct DatabaseRequest {
  std::string path; ///< see locateDatabase
  bool json = false;
  /// Of `show`: how the fingerprint of the operator begins.
  std::string op;
  /// Of `merge` and `import`.
  std::vector<std::string> files;
  /// Of `export`: where to; empty or "-" is the standard output.
  std::string output;
  /// Of `prune`: how many candidates of an operator on a device stay.
  size_t kept = 16;
  bool isRehearsal = false;
};

/// `amosc db list`: a line for each operator, machine and device.
ExitCode listDatabase(const DatabaseRequest &request);
/// `amosc db show OPERATOR`: its text, and its candidates, the fastest first.
ExitCode showOperator(const DatabaseRequest &request);
/// `amosc db merge FILE..`: adds what other databases hold.
ExitCode mergeDatabases(const DatabaseRequest &request);
/// `amosc db export`: all of it as JSON.
ExitCode exportDatabase(const DatabaseRequest &request);
/// `amosc db import FILE..`: adds such JSON, or results of `amos-run measure`;
/// of all files or, when one is wrong, of none.
ExitCode importResults(const DatabaseRequest &request);
/// `amosc db prune`: removes what other compilers made, and all but the fastest
/// candidates.
ExitCode pruneDatabase(const DatabaseRequest &request);

} // namespace amos

#endif // AMOS_DRIVER_DATABASEVERBS_H
