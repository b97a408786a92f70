//===- Values.h - Which values an option takes ------------------*- C++ -*-===//
#ifndef AMOS_TOOLS_VALUES_H
#define AMOS_TOOLS_VALUES_H

#include "Definition.h"

namespace amos {

/// Accepts the words of `known` only, with a suggestion for others.
CLI::Validator isOneOf(Words known);
/// Accepts what exported names may begin with.
CLI::Validator isNamePrefix();
/// Accepts whole numbers of at least 0, and of at most `most`.
CLI::Validator isCount(uint64_t most = UINT64_MAX);
/// Accepts numbers of threads, and 'runtime'.
CLI::Validator isThreads();
/// The number that a word that `isThreads` accepted means, 0 for 'runtime'.
int64_t readThreads(llvm::StringRef word);
/// Accepts everything but nothing, which an unset variable of a script is.
CLI::Validator isNotEmpty();
/// Accepts the names of remarks.
CLI::Validator isRemark();
/// Everything that may follow `-W`.
Words getWarningWords();
/// Accepts what may follow `-W`: `error`, `error=NAME`, `no-error=NAME`,
/// `no-NAME` and `NAME`.
CLI::Validator isWarning();

/// Does what a word that `isWarning` accepted says.
void readWarning(llvm::StringRef word, DiagnosticOptions &options);

} // namespace amos

#endif // AMOS_TOOLS_VALUES_H
