//===- Dependencies.h - What make and ninja want to know --------*- C++ -*-===//
#ifndef AMOS_LIB_DRIVER_DEPENDENCIES_H
#define AMOS_LIB_DRIVER_DEPENDENCIES_H

#include "amos/Driver/Artifact.h"
#include "amos/Driver/Compile.h"

namespace amos {

/// The rule, for make, that `files` are made from what was `read`; it goes to
/// the file that the request names, else beside the first of them.
Artifact makeDependencies(const CompileRequest &request,
                          llvm::ArrayRef<std::string> read,
                          llvm::ArrayRef<PlannedFile> files);

} // namespace amos

#endif // AMOS_LIB_DRIVER_DEPENDENCIES_H
