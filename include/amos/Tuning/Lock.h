//===- Lock.h - Choices as text that people review --------------*- C++ -*-===//
#ifndef AMOS_TUNING_LOCK_H
#define AMOS_TUNING_LOCK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace amos {

/// The choice for one operation on one set of machines.
struct LockedChoice {
  std::string place;    ///< "@function#number"
  std::string machines; ///< those there was to choose from, '+' between them
  std::string name;     ///< "linalg.matmul"
  std::string types;    ///< of what it reads and makes
  std::string op;       ///< fingerprint
  std::string machine;  ///< name and fingerprint of the chosen one
  std::string mapping = "none", schedule = "none"; ///< attributes
  /// For people: what the model says and what was measured.
  std::string predicted, measured;

  bool isMapped() const { return mapping != "none"; }
  /// "@mm#0 for x86_avx2", by which blocks are found.
  std::string getKey() const { return place + " for " + machines; }
};

struct Lock {
  std::string tools; ///< that the choices were made with
  std::vector<LockedChoice> choices;

  const LockedChoice *find(llvm::StringRef key) const;
};

/// Writes the text of a lock: a block of lines for each choice.
void printLock(const Lock &lock, llvm::raw_ostream &stream);

/// Reads it again. The error names the line.
llvm::Expected<Lock> parseLock(llvm::StringRef text);

/// How the operation that `now` describes differs from the locked one, as lines
/// that begin with '-' and '+'; empty when it does not. Choices are no part of
/// it.
std::string findDifference(const LockedChoice &locked, const LockedChoice &now);

} // namespace amos

#endif // AMOS_TUNING_LOCK_H
