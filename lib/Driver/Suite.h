//===- Suite.h - What a machine makes of a folder of programs ---*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_SUITE_H
#define AMOS_DRIVER_SUITE_H

#include "amos/Driver/Compile.h"

namespace amos {

/// A mapping of an operation, or an intrinsic that was refused.
struct SuiteCandidate {
  std::string intrinsic; ///< "@machine::@name"
  std::string matching;  ///< "[[1],[2]]", empty when refused as a whole
  double cycles = 0;
  double seconds = 0; ///< predicted; 0 when it was not priced
  double useful = 1;  ///< share of the multiply-adds performed
  std::string bound;
  std::string code, message; ///< of the refusal
  bool isChosen = false;
};

/// An operation that can be mapped.
struct SuiteOperation {
  std::string program;  ///< its file, seen from the folder
  std::string function; ///< without '@'
  std::string operation;
  std::string location; ///< "file:line:column"
  double multiplyAdds = 0;
  std::vector<SuiteCandidate> candidates;

  /// Null when it is left to plain loops.
  const SuiteCandidate *getChosen() const;
};

struct Suite {
  unsigned programs = 0;
  /// Programs that were rejected.
  std::vector<std::string> failed;
  std::vector<SuiteOperation> operations;
};

/// Maps every program of `folder` (`*.mlir`, also in folders below) onto the
/// machines of `request`; each in a process of its own. Prints what is wrong
/// with programs and goes on. Usage when there is none.
ExitCode rankSuite(const CompileRequest &request, llvm::StringRef folder,
                   Suite &suite);

} // namespace amos

#endif // AMOS_DRIVER_SUITE_H
